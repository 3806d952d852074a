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

/// Files in memory.
struct MemoryDisk: ConfigurationDisk {
    var files: [String: String]

    func read(_ path: String, limit: Int) throws(ConfigurationDiskError) -> [UInt8] {
        guard let text = files[path] else { throw ConfigurationDiskError("\(path): there is no such file") }
        guard text.utf8.count <= limit else { throw ConfigurationDiskError("\(path) is larger than \(limit) bytes") }
        return Array(text.utf8)
    }

    func paths(matching pattern: String) throws(ConfigurationDiskError) -> [String] { [] }
}

/// The mailboxes that limits of stages may name, with their adapters.
let adapters = ["news": "feed", "work": "slack", "play": "slack", "mail": "email"]

/// Reads the value of a `via`; `stages` holds the named lists.
func read(via: String, stages: String = "", files: [String: String] = [:]) -> (chain: StageChain, diagnostics: [String])
{
    var diagnostics = Diagnostics()
    let text = "stages: \(stages)\nvia: \(via)\n"
    guard let root = YAMLNode.parse(text, file: "routes.yaml", diagnostics: &diagnostics), let via = root["via"],
        let stages = root["stages"]
    else { return (StageChain(), diagnostics.all.map(\.description)) }
    let surroundings = StageSurroundings(
        files: ConfigurationFiles(disk: MemoryDisk(files: files)), adapters: adapters)
    var names = NamedStages(
        stages, at: "stages", registry: .standard, surroundings: surroundings, diagnostics: &diagnostics)
    let chain = names.chain(via, at: "via", diagnostics: &diagnostics)
    return (chain, diagnostics.all.map(\.description))
}

/// Reads a `via` that is sound.
func chain(_ via: String, stages: String = "", files: [String: String] = [:]) throws -> StageChain {
    let (chain, diagnostics) = read(via: via, stages: stages, files: files)
    try #require(diagnostics == [])
    return chain
}

/// What a sound `via` makes of a message that passes it.
func pass(_ via: String, _ envelope: Envelope, recipient: String? = nil, files: [String: String] = [:]) throws
    -> Envelope
{
    let result = try chain(via, files: files).run(envelope, context: context(recipient: recipient))
    let branch = try #require(result.branches.first)
    #expect(result.branches.count == 1)
    #expect(branch.end == .passed)
    return branch.envelope
}

/// How a sound `via` ends for a message.
func end(_ via: String, _ envelope: Envelope, files: [String: String] = [:]) throws -> ChainBranch.End {
    try #require(try chain(via, files: files).run(envelope, context: context()).branches.first).end
}

/// What the only stage of a sound `via` says of a message.
func notes(_ via: String, _ envelope: Envelope, recipient: String? = nil, files: [String: String] = [:]) throws
    -> [String]
{
    let result = try chain(via, files: files).run(envelope, context: context(recipient: recipient))
    return try #require(result.branches.first?.notes.first).changes
}
