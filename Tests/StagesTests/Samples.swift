import Configuration
import Messages
import Testing

@testable import Stages

/// A message to try stages on.
func sample(
    subject: String? = "Swift 6.3", text: String = "Out now", format: TextFormat = .plain,
    change: (inout Envelope) -> Void = { _ in }
) throws -> Envelope {
    var envelope = Envelope(
        id: try MessageID(parsing: "01890a5d-ac96-774b-bcce-b302099a8057"),
        time: try Timestamp(parsing: "2026-01-05T09:07:03Z"), from: try Address(parsing: "news:ann@example.org"),
        topic: try Topic(parsing: "news:lobsters/swift"), subject: subject, parts: [.text(text, format: format)])
    change(&envelope)
    return envelope
}

/// The context of a run at a fixed time.
func context(recipient: String? = nil) throws -> StageContext {
    StageContext(
        now: try Timestamp(parsing: "2026-01-05T10:00:00Z"), router: "hq.example",
        recipient: try recipient.map { text throws(MessageError) in try Address(parsing: text) })
}

/// Reads the value of a `via`; `stages` holds the named lists.
func read(via: String, stages: String = "") -> (chain: StageChain, diagnostics: [String]) {
    var diagnostics = Diagnostics()
    let text = "stages: \(stages)\nvia: \(via)\n"
    guard let root = YAMLNode.parse(text, file: "routes.yaml", diagnostics: &diagnostics), let via = root["via"],
        let stages = root["stages"]
    else { return (StageChain(), diagnostics.all.map(\.description)) }
    var names = NamedStages(stages, at: "stages", registry: .standard, diagnostics: &diagnostics)
    let chain = names.chain(via, at: "via", diagnostics: &diagnostics)
    return (chain, diagnostics.all.map(\.description))
}

/// Reads a `via` that is sound.
func chain(_ via: String, stages: String = "") throws -> StageChain {
    let (chain, diagnostics) = read(via: via, stages: stages)
    try #require(diagnostics == [])
    return chain
}

/// What a sound `via` makes of a message that passes it.
func pass(_ via: String, _ envelope: Envelope, recipient: String? = nil) throws -> Envelope {
    let result = try chain(via).run(envelope, context: context(recipient: recipient))
    let branch = try #require(result.branches.first)
    #expect(result.branches.count == 1)
    #expect(branch.end == .passed)
    return branch.envelope
}
