import Testing

@testable import Transport

@Suite struct ServerEventTests {
    @Test(
        "an event is written as browsers read it",
        arguments: [
            (ServerEvent(data: "hello"), "data: hello\n\n"), (ServerEvent(data: ""), "data: \n\n"),
            (ServerEvent(id: "7", name: "message", data: "x"), "id: 7\nevent: message\ndata: x\n\n"),
            (ServerEvent(id: "", data: "x"), "id: \ndata: x\n\n"),
            (ServerEvent(data: "a\nb"), "data: a\ndata: b\n\n"), (ServerEvent(data: "a\r\nb"), "data: a\ndata: b\n\n"),
            (ServerEvent(data: "a\rb\r"), "data: a\ndata: b\ndata: \n\n"),
            (ServerEvent(data: "\n\n"), "data: \ndata: \ndata: \n\n"),
            (ServerEvent(data: "\r\n\n\r"), "data: \ndata: \ndata: \ndata: \n\n"),
            (ServerEvent(data: " a: b"), "data:  a: b\n\n"), (ServerEvent(data: "é😀"), "data: é😀\n\n"),
            (ServerEvent(data: "x", retry: .milliseconds(1_500)), "retry: 1500\ndata: x\n\n"),
            (ServerEvent(data: "x", retry: .seconds(-1)), "retry: 0\ndata: x\n\n"),
        ])
    func encoding(event: ServerEvent, text: String) throws {
        #expect(String(decoding: try event.encoded(), as: UTF8.self) == text)
    }

    @Test(
        "data cannot become another event, nor an id or a name another line",
        arguments: ["a\n\nevent: evil\n", "a\r\n\r\nid: evil", "\r\revil"])
    func injection(text: String) throws {
        let encoded = String(decoding: try ServerEvent(data: text).encoded(), as: UTF8.self)
        let lines = encoded.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false)
        #expect(lines.dropLast(2).allSatisfy { String($0).hasPrefix("data: ") })
        #expect(throws: ServerEventError.malformedID(text)) { try ServerEvent(id: text, data: "").encoded() }
        #expect(throws: ServerEventError.malformedName(text)) { try ServerEvent(name: text, data: "").encoded() }
    }

    @Test("an id has no zero byte")
    func zero() {
        #expect(throws: ServerEventError.malformedID("a\0")) { try ServerEvent(id: "a\0", data: "").encoded() }
    }

    @Test("a client that comes back says what it has seen", arguments: [("7", "7"), ("", nil), (nil, nil)])
    func lastEventID(header: String?, id: String?) throws {
        var request = try HTTPRequest.of()
        request.head.headers["Last-Event-ID"] = header
        #expect(request.lastEventID == id)
    }
}
