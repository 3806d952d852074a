import AdapterKit
import Messages
import Testing
import Transport

@testable import HTTP

@Suite struct CloudEventTests {
    static let structured = #"""
        {"specversion":"1.0","id":"a-1","source":"/bots/one","type":"com.example.msg","subject":"héllo \"x\"",
         "datacontenttype":"application/json","data":{"text":"hi"}}
        """#
    static let binary: HTTPFields = [
        "ce-specversion": "1.0", "ce-id": "a-1", "ce-source": "/bots/one", "ce-type": "com.example.msg",
        "ce-subject": "h%C3%A9llo%20%22x%22", "content-type": "application/json",
    ]
    static let structuredHeaders: HTTPFields = ["Content-Type": "application/cloudevents+json; charset=utf-8"]

    @Test("structured and binary mode say the same")
    func modes() throws {
        let one = try Reading().arrival(Self.structured, Self.structuredHeaders)
        let two = try Reading().arrival(#"{"text":"hi"}"#, Self.binary)
        for arrival in [one, two] {
            #expect(arrival.envelope.topic.description == "api:com.example.msg")
            #expect(arrival.envelope.subject == #"héllo "x""#)
            #expect(arrival.envelope.parts == [.text("hi")])
            #expect(arrival.envelope.kind == .message)
            #expect(arrival.envelope.meta["cloudevents"]?["source"] == "/bots/one")
            #expect(arrival.fingerprint == nil)
        }
        #expect(one.eventKey == two.eventKey && one.eventKey != nil)
    }

    @Test("source and id together tell a repetition, and do not run into each other")
    func eventKeys() throws {
        func key(_ source: String, _ id: String) throws -> String? {
            let body = #"{"specversion":"1.0","id":"\#(id)","source":"\#(source)","type":"t"}"#
            return try Reading().arrival(body, Self.structuredHeaders).eventKey
        }
        #expect(try key("a", "b c") != key("a b", "c"))
        #expect(try key("a", "1") == key("a", "1"))
    }

    @Test("a batch comes in whole and in order, and may be empty")
    func batch() throws {
        let headers: HTTPFields = ["Content-Type": "application/cloudevents-batch+json"]
        let second = Self.structured.replacing("a-1", with: "a-2").replacing("hi", with: "ho")
        let submission = try Reading().submission("[\(Self.structured),\(second)]", headers)
        #expect(submission.isBatch && submission.arrivals.map(\.envelope.text) == ["hi", "ho"])
        #expect(try Reading().submission("[]", headers).arrivals.isEmpty)
        let problem = try #require(try Reading().problem("[\(Self.structured),{}]", headers))
        #expect(problem.faults.first?.pointer == "#/1/specversion")
    }

    @Test(
        "data is text, bytes or JSON, as its type says",
        arguments: [
            (#""data":"hello","datacontenttype":"text/markdown""#, Part.text("hello", format: .markdown)),
            (#""data":"hello""#, .text("hello")),
            (
                #""data_base64":"AAEC","datacontenttype":"image/png""#,
                Part(type: .image, mediaType: "image/png", content: .bytes([0, 1, 2]))
            ),
            (
                #""data":{"x":1}"#,
                Part(type: .data, mediaType: "application/json", content: .value(["x": 1]))
            ),
        ])
    func data(members: String, part: Part) throws {
        let body = #"{"specversion":"1.0","id":"1","source":"s","type":"t",\#(members)}"#
        #expect(try Reading().arrival(body, Self.structuredHeaders).envelope.parts == [part])
    }

    @Test("an event without words is an event, and keeps its time and extensions")
    func wordless() throws {
        let body = #"""
            {"specversion":"1.0","id":"1","source":"s","type":"a/b","time":"2026-11-20T10:00:00Z","traceparent":"00-1","x":null}
            """#
        let envelope = try Reading().arrival(body, Self.structuredHeaders).envelope
        #expect(envelope.kind == .event && envelope.topic.class == "a/b" && envelope.parts.isEmpty)
        #expect(envelope.time.description == "2026-11-20T10:00:00.000Z")
        #expect(envelope.meta["cloudevents"]?["traceparent"] == "00-1")
        #expect(envelope.meta["cloudevents"]?["x"] == nil)
    }

    @Test(
        "what the specification asks for must be there",
        arguments: [
            (#"{"id":"1","source":"s","type":"t"}"#, "#/specversion"),
            (#"{"specversion":"0.3","id":"1","source":"s","type":"t"}"#, "#/specversion"),
            (#"{"specversion":"1.0","source":"s","type":"t"}"#, "#/id"),
            (#"{"specversion":"1.0","id":"1","source":"","type":"t"}"#, "#/source"),
            (#"{"specversion":"1.0","id":"1","source":"s","type":5}"#, "#/type"),
            (#"{"specversion":"1.0","id":"1","source":"s","type":"t","time":"noon"}"#, "#/time"),
            (#"{"specversion":"1.0","id":"1","source":"s","type":"t","data":1,"data_base64":"AA=="}"#, "#/data_base64"),
            (#"{"specversion":"1.0","id":"1","source":"s","type":"t","data_base64":"?"}"#, "#/data_base64"),
        ])
    func refuses(body: String, pointer: String) throws {
        let problem = try #require(try Reading().problem(body, Self.structuredHeaders))
        #expect(problem.status == 400 && problem.faults.first?.pointer == pointer)
    }

    @Test("a header value is unquoted and percent-decoded once")
    func headerValues() throws {
        var headers = Self.binary
        headers["ce-subject"] = #""a\"b%2525""#
        #expect(try Reading().arrival(#"{"text":"hi"}"#, headers).envelope.subject == #"a"b%25"#)
        headers["ce-subject"] = "%FF"
        #expect(try Reading().problem(#"{"text":"hi"}"#, headers)?.status == 400)
    }

    @Test("a type that no class can hold is made one")
    func sanitizedTypes() throws {
        let body = #"{"specversion":"1.0","id":"1","source":"s","type":"//a**//"}"#
        #expect(try Reading().arrival(body, Self.structuredHeaders).envelope.topic.class == "a--")
    }
}
