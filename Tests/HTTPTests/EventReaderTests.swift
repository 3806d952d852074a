import AdapterKit
import Messages
import Testing
import Transport

@testable import HTTP

@Suite struct EventReaderTests {
    struct Row: Sendable, CustomTestStringConvertible {
        let type: String?
        let body: String
        let subject: String?
        let parts: [Part]
        var testDescription: String { "\(type ?? "-") \(body)" }
    }

    static func data(_ value: JSON) -> Part { Part(type: .data, mediaType: "application/json", content: .value(value)) }

    static let rows: [Row] = [
        Row(type: "application/json", body: #"{"text":"hi"}"#, subject: nil, parts: [.text("hi")]),
        Row(type: nil, body: #"{"text":"hi"}"#, subject: nil, parts: [.text("hi")]),
        Row(
            type: "application/json", body: #"{"title":"T","message":"m","n":1}"#, subject: "T",
            parts: [.text("m"), data(["title": "T", "message": "m", "n": 1])]),
        Row(type: "application/vnd.x+json", body: "[1]", subject: nil, parts: [data([1])]),
        Row(type: "application/json", body: #""hello""#, subject: nil, parts: [.text("hello")]),
        Row(type: "application/json", body: "", subject: nil, parts: []),
        Row(
            type: "application/x-www-form-urlencoded", body: "subject=A+b&text=x%26y", subject: "A b",
            parts: [.text("x&y")]),
        Row(type: "text/plain", body: "hello", subject: nil, parts: [.text("hello")]),
        Row(type: "text/markdown; charset=utf-8", body: "*a*", subject: nil, parts: [.text("*a*", format: .markdown)]),
        Row(type: "text/html", body: "<b>", subject: nil, parts: [.text("<b>", format: .html)]),
    ]

    @Test("JSON, forms and text become envelopes", arguments: rows)
    func reads(_ row: Row) throws {
        let envelope = try Reading().event(row.body, row.type).envelope
        #expect(envelope.subject == row.subject)
        #expect(envelope.parts == row.parts)
        #expect(envelope.topic.description == "api:ci/build")
        #expect(envelope.from.description == "api:ci")
    }

    @Test(
        "what cannot be read is refused",
        arguments: [
            ("application/json", "{", 400), ("image/png", "x", 415), ("multipart/form-data; boundary=x", "x", 415),
            ("text/plain; charset=latin1", "x", 415), ("application/x-www-form-urlencoded", "a=%FF", 400),
        ])
    func refuses(type: String, body: String, status: Int) throws {
        let problem = #expect(throws: Problem.self) { try Reading().event(body, type) }
        #expect(problem?.status == status)
    }

    @Test("a path that is no class is refused", arguments: ["", "a//b", "a*"])
    func badClass(name: String) {
        let problem = #expect(throws: Problem.self) { try Reading().event("x", "text/plain", class: name) }
        #expect(problem?.status == 400)
    }

    @Test("the service's own id tells a repetition")
    func eventKeys() throws {
        let reading = try Reading()
        #expect(try reading.event("x", "text/plain").eventKey == nil)
        #expect(try reading.event("x", "text/plain", headers: ["X-Delivery": "7"]).eventKey == "id ci 7")
        #expect(try reading.event("x", "text/plain", headers: ["webhook-id": "msg_1"]).eventKey == "id ci msg_1")
        let keyed = try reading.event("x", "text/plain", headers: ["Idempotency-Key": "\"k\""])
        #expect(keyed.eventKey == "key ci k" && keyed.fingerprint != nil)
    }

    @Test("a CloudEvent keeps the class of the path and its own key")
    func cloudEvents() throws {
        let arrival = try Reading().event(CloudEventTests.structured, "application/cloudevents+json", class: "bots")
        #expect(arrival.envelope.topic.class == "bots" && arrival.envelope.text == "hi")
        #expect(arrival.eventKey?.hasPrefix("ce ") == true)
    }

    @Test("a form has a bound")
    func bound() {
        let body = String(repeating: "a=1&", count: 1_001)
        #expect(throws: Problem.self) { try Reading().event(body, "application/x-www-form-urlencoded") }
    }
}
