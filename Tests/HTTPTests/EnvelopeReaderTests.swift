import AdapterKit
import Messages
import Testing

@testable import HTTP

@Suite struct EnvelopeReaderTests {
    @Test("what the router decides is filled in")
    func fillsIn() throws {
        let envelope = try Reading().arrival(#"{"to": ["inbox:ann"], "text": "hi"}"#).envelope
        #expect(envelope.id == Reading.id)
        #expect(envelope.time == Reading.now)
        #expect(envelope.from.description == "api:ci")
        #expect(envelope.topic.description == "api:message")
        #expect(envelope.to.map(\.description) == ["inbox:ann"])
        #expect(envelope.parts == [.text("hi")])
        #expect(envelope.sender?.isAuthenticated == true)
    }

    @Test("one recipient needs no list")
    func singleRecipient() throws {
        #expect(
            try Reading().arrival(#"{"to": "inbox:ann", "text": "hi"}"#).envelope.to.map(\.description) == ["inbox:ann"]
        )
    }

    @Test(
        "text, markdown and html each make one text part, before the other parts",
        arguments: [("text", TextFormat.plain), ("markdown", .markdown), ("html", .html)])
    func shorthands(name: String, format: TextFormat) throws {
        let body = #"{"\#(name)": "hi", "parts": [{"type": "file", "name": "a", "data": "AAEC"}]}"#
        let parts = try Reading().arrival(body).envelope.parts
        #expect(parts.count == 2)
        #expect(parts.first == .text("hi", format: format))
        #expect(parts.last?.content == .bytes([0, 1, 2]))
    }

    @Test("a whole envelope keeps all that a client may say")
    func wholeEnvelope() throws {
        let body = #"""
            {"from": "api:robot", "to": ["mail:ann@example.org", "b.example!inbox:bo"], "reply_to": "mail:x@example.org",
             "topic": "api:build/failed", "kind": "event", "subject": "Build", "time": "2026-11-20T10:00:00Z",
             "parts": [{"type": "text", "text": "**no**", "format": "markdown"}, {"type": "data", "data": {"a": 1}}],
             "thread": "t1", "in_reply_to": "x", "parent": "01900000-0000-7000-8000-000000000001",
             "sender": {"name": "Robot", "auto": true}, "headers": {"X-A": "b"}, "meta": {"branch": "main"},
             "priority": "high", "not_before": "2026-11-20T11:00:00Z", "expires": "2026-11-21T10:00:00Z",
             "idempotency_key": "k1"}
            """#
        let arrival = try Reading().arrival(body)
        let envelope = arrival.envelope
        #expect(envelope.from.description == "api:robot" && envelope.replyTo?.description == "mail:x@example.org")
        #expect(envelope.topic.class == "build/failed" && envelope.kind == .event && envelope.priority == .high)
        #expect(envelope.sender == Sender(name: "Robot", isAuthenticated: true, isAutomatic: true))
        #expect(envelope.meta["branch"] == "main" && envelope.headers == ["X-A": "b"])
        #expect(envelope.parent == Reading.id && envelope.thread == "t1" && envelope.inReplyTo == "x")
        #expect(envelope.notBefore != nil && envelope.expires != nil && envelope.parts.count == 2)
        #expect(arrival.eventKey == "key ci k1" && arrival.fingerprint?.count == 32)
    }

    @Test("the class alone gives the topic")
    func classAlone() throws {
        #expect(
            try Reading().arrival(#"{"class": "build/failed", "text": "x"}"#).envelope.topic.description
                == "api:build/failed")
    }

    @Test("without a secret nobody is vouched for, whatever the client says")
    func vouching() throws {
        let local = try Reading(name: "local", isAuthenticated: false)
        let claimed = try local.arrival(#"{"text": "x", "sender": {"name": "Boss", "authenticated": true}}"#).envelope
        #expect(claimed.sender == Sender(name: "Boss"))
        #expect(try local.arrival(#"{"text": "x"}"#).envelope.sender == nil)
        let doubted = try Reading().arrival(#"{"text": "x", "sender": {"authenticated": false}}"#).envelope
        #expect(doubted.sender?.isAuthenticated == false)
    }

    struct Refusal: Sendable, CustomTestStringConvertible {
        let body: String
        let status: Int
        let pointer: String?
        let word: String
        var testDescription: String { body }

        init(_ body: String, _ status: Int, _ pointer: String?, _ word: String) {
            self.body = body
            self.status = status
            self.pointer = pointer
            self.word = word
        }
    }

    static let refusals: [Refusal] = [
        Refusal(#"{"text": "a",}"#, 400, nil, "offset 13"),
        Refusal("", 400, nil, "offset 0"),
        Refusal(#"{"text": "\#u{1}"}"#, 400, nil, "control character"),
        Refusal("[]", 400, "#", "object"),
        Refusal(#"{"txet": "a"}"#, 400, "#/txet", #"did you mean "text"?"#),
        Refusal(#"{"text": "a", "a/b~c": 1}"#, 400, "#/a~1b~0c", "no field"),
        Refusal(#"{"text": 1}"#, 400, "#/text", "string"),
        Refusal(#"{"text": "a", "html": "b"}"#, 400, "#/html", "one of"),
        Refusal(#"{}"#, 400, "#/text", "empty"),
        Refusal(#"{"to": ["nobody"], "text": "a"}"#, 400, "#/to/0", "expected"),
        Refusal(#"{"to": 5, "text": "a"}"#, 400, "#/to", "array"),
        Refusal(#"{"parts": [{"type": "txt", "text": "a"}]}"#, 400, "#/parts/0/type", "expected one of"),
        Refusal(#"{"parts": [{"type": "text", "txt": "a"}]}"#, 400, "#/parts/0/txt", #"did you mean "text"?"#),
        Refusal(#"{"parts": [{"type": "file", "data": "?"}]}"#, 400, "#/parts/0/data", "Base64"),
        Refusal(#"{"text": "a", "sender": {"nam": "x"}}"#, 400, "#/sender/nam", #"did you mean "name"?"#),
        Refusal(#"{"text": "a", "priority": "asap"}"#, 400, "#/priority", "urgent"),
        Refusal(#"{"text": "a", "expires": "tomorrow"}"#, 400, "#/expires", "year"),
        Refusal(#"{"text": "a", "class": "a//b"}"#, 400, "#/class", "segment"),
        Refusal(#"{"text": "a", "class": "b", "topic": "api:b"}"#, 400, "#/class", "not both"),
        Refusal(#"{"text": "a", "topic": "mail:b"}"#, 422, "#/topic", "api:"),
        Refusal(#"{"text": "a", "from": "mail:boss@example.org"}"#, 403, "#/from", "api:"),
        Refusal(#"{"text": "a", "from": "b.example!api:x"}"#, 403, "#/from", "api:"),
        Refusal(#"{"text": "a", "id": "01900000-0000-7000-8000-000000000001"}"#, 400, "#/id", "idempotency_key"),
        Refusal(#"{"text": "a", "depth": 0}"#, 400, "#/depth", "router"),
        Refusal(#"{"text": "a", "idempotency_key": ""}"#, 400, nil, "empty"),
        Refusal(
            #"{"parts": [{"type": "file", "blob": {"sha256": "\#(String(repeating: "a", count: 64))", "size": 3}}]}"#,
            422,
            "#/parts/0/blob", "Base64"),
    ]

    @Test("what is wrong is said with its place and what was expected", arguments: refusals)
    func refuses(_ refusal: Refusal) throws {
        let problem = try #require(try Reading().problem(refusal.body))
        #expect(problem.status == refusal.status)
        #expect(problem.faults.first?.pointer == refusal.pointer)
        #expect(problem.detail.contains(refusal.word), "\(problem.detail)")
    }

    @Test("all unknown fields are told at once")
    func allUnknown() throws {
        let problem = try #require(try Reading().problem(#"{"a": 1, "b": 2, "text": "x"}"#))
        #expect(problem.faults.map(\.pointer) == ["#/a", "#/b"])
    }
}
