import Conditions
import Configuration
import Messages
import Testing

/// A message with everything that conditions look at; a test changes what it is about.
func message(_ change: (inout Envelope) throws -> Void = { _ in }) throws -> Envelope {
    var envelope = Envelope(
        id: try MessageID(parsing: "01890a5d-ac96-774b-bcce-b302099a8057"),
        time: try Timestamp(parsing: "2026-01-02T03:04:05Z"), from: try Address(parsing: "news:lobsters"),
        topic: try Topic(parsing: "news:lobsters/front"), subject: "Swift 6.3", parts: [.text("Out now\nGet it")])
    envelope.sender = Sender(name: "Ann Bo", isAuthenticated: true)
    envelope.thread = "t1"
    envelope.headers = ["List-Id": "<swift.example>", "x-n": "7"]
    envelope.meta = [
        "lang": "de", "score": 5, "ratio": 0.5, "labels": ["bug", "help wanted"], "draft": false, "empty": nil,
        "user": ["id": 9_007_199_254_740_993, "name": "bo"], "a.b": "dotted", "version": "10",
    ]
    try change(&envelope)
    return envelope
}

/// Compiles the `where:` of a text, which must be sound.
func condition(_ text: String) throws -> Condition {
    let (condition, faults) = compile(text)
    #expect(faults == [], "\(text)")
    return try #require(condition)
}

/// Compiles a text; the condition, and what was reported.
func compile(_ text: String) -> (Condition?, [String]) {
    var diagnostics = Diagnostics()
    let node = YAMLNode.parse(text, file: "routes.yaml", diagnostics: &diagnostics)
    let condition = node.flatMap { Condition($0, at: "where", diagnostics: &diagnostics) }
    return (condition, diagnostics.all.map(\.description))
}
