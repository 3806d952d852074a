import Testing

@testable import Transport

/// Ten bytes, read at most four at a time.
private struct SlowReader: ContentReading {
    var length = 10

    func read(at offset: Int, upTo count: Int) async throws -> [UInt8] {
        Array("0123456789".utf8.prefix(length).dropFirst(offset).prefix(min(4, count)))
    }
}

@Suite struct ContentTests {
    private let modified: Int64 = 784_111_777

    private func ask(
        _ headers: HTTPFields, _ method: HTTPMethod = .get,
        _ source: HTTPContent.Source = .bytes(Array("0123456789".utf8))
    ) async throws -> (response: HTTPResponse, text: String) {
        let content = HTTPContent(
            source, mediaType: "text/plain", tag: EntityTag("a"), lastModified: modified,
            headers: ["Cache-Control": "no-cache"])
        let response = HTTPResponse.content(content, for: try .of(method, headers: headers))
        return (response, String(decoding: try await response.collected(), as: UTF8.self))
    }

    @Test("an answer says what it is")
    func whole() async throws {
        let (response, text) = try await ask([:])
        #expect(response.status == .ok && text == "0123456789")
        let expected: HTTPFields = [
            "Cache-Control": "no-cache", "ETag": "\"a\"", "Last-Modified": "Sun, 06 Nov 1994 08:49:37 GMT",
            "Content-Type": "text/plain", "X-Content-Type-Options": "nosniff", "Accept-Ranges": "bytes",
        ]
        #expect(response.headers == expected)
    }

    @Test(
        "conditions are obeyed in the order of RFC 9110 §13.2.2",
        arguments: [
            (["If-None-Match": "\"a\""], 304), (["If-None-Match": "W/\"a\""], 304), (["If-None-Match": "*"], 304),
            (["If-None-Match": "\"b\""], 200), (["If-Match": "\"a\""], 200), (["If-Match": "*"], 200),
            (["If-Match": "W/\"a\""], 412), (["If-Match": "\"b\""], 412),
            (["If-Modified-Since": "Sun, 06 Nov 1994 08:49:37 GMT"], 304),
            (["If-Modified-Since": "Sun, 06 Nov 1994 08:49:36 GMT"], 200), (["If-Modified-Since": "yesterday"], 200),
            (["If-Unmodified-Since": "Sun, 06 Nov 1994 08:49:37 GMT"], 200),
            (["If-Unmodified-Since": "Sun, 06 Nov 1994 08:49:36 GMT"], 412), (["If-Unmodified-Since": "0"], 200),
            // A tag says more than a time.
            (["If-None-Match": "\"b\"", "If-Modified-Since": "Sun, 06 Nov 1994 08:49:37 GMT"], 200),
            (["If-Match": "\"a\"", "If-Unmodified-Since": "Sun, 06 Nov 1994 08:49:36 GMT"], 200),
            (["If-Match": "\"b\"", "If-None-Match": "\"a\""], 412),
            (["If-None-Match": "\"a\"", "Range": "bytes=0-1"], 304),
            (["If-Match": "\"b\"", "Range": "bytes=0-1"], 412),
        ] as [(HTTPFields, Int)])
    func conditions(headers: HTTPFields, status: Int) async throws {
        let (response, text) = try await ask(headers)
        #expect(response.status.rawValue == status)
        if status == 304 {
            #expect(text == "")
            #expect(response.headers["etag"] == "\"a\"" && response.headers["cache-control"] == "no-cache")
        }
    }

    @Test(
        "one range is sent, from memory or from a reader",
        arguments: [
            ("bytes=2-4", 206, "234", "bytes 2-4/10"), ("bytes=-4", 206, "6789", "bytes 6-9/10"),
            ("bytes=0-", 206, "0123456789", "bytes 0-9/10"), ("bytes=3-9", 206, "3456789", "bytes 3-9/10"),
            ("bytes=10-", 416, nil, "bytes */10"), ("bytes=0-1,3-4", 200, "0123456789", nil),
            ("x=1", 200, "0123456789", nil),
        ] as [(String, Int, String?, String?)])
    func ranges(range: String, status: Int, body: String?, contentRange: String?) async throws {
        for source in [HTTPContent.Source.bytes(Array("0123456789".utf8)), .reader(SlowReader(), length: 10)] {
            let (response, text) = try await ask(["Range": range], .get, source)
            #expect(response.status.rawValue == status)
            #expect(response.headers["content-range"] == contentRange)
            if let body { #expect(text == body) }
            if case .stream = response.body { #expect(response.streamLength == body?.utf8.count) }
        }
    }

    @Test(
        "a range is sent only when the client has the rest of the same content",
        arguments: [
            ("\"a\"", 206), ("\"b\"", 200), ("W/\"a\"", 200), ("Sun, 06 Nov 1994 08:49:37 GMT", 206),
            ("Sun, 06 Nov 1994 08:49:38 GMT", 200), ("nonsense", 200),
        ])
    func ifRange(condition: String, status: Int) async throws {
        #expect(try await ask(["Range": "bytes=0-1", "If-Range": condition]).response.status.rawValue == status)
    }

    @Test("HEAD has no ranges, and no tag matches content without one")
    func head() async throws {
        #expect(try await ask(["Range": "bytes=0-1"], .head).response.status == .ok)
        let bare = HTTPContent(.bytes([1]), mediaType: "x/y")
        for (name, status) in [("If-Match", HTTPStatus.preconditionFailed), ("If-None-Match", .ok)] {
            let fields = HTTPFields([.init(name: name, value: "\"a\"")])
            #expect(HTTPResponse.content(bare, for: try .of(headers: fields)).status == status)
        }
    }

    @Test("content that is shorter than it was breaks the answer off")
    func cutShort() async throws {
        let content = HTTPContent(.reader(SlowReader(length: 6), length: 10), mediaType: "x/y")
        let response = HTTPResponse.content(content, for: try .of())
        await #expect(throws: ContentCutShort(offset: 6)) { try await response.collected() }
    }
}

@Suite struct StaticResourceTests {
    private let text = String(repeating: "Hello, world. ", count: 100)

    private func ask(_ resource: StaticResource, _ headers: HTTPFields = [:]) throws -> (HTTPResponse, [UInt8]) {
        let response = resource.response(to: try .of(headers: headers))
        guard case .bytes(let bytes) = response.body else { return (response, []) }
        return (response, bytes)
    }

    @Test("a page is sent in the coding that the client likes best, each with a tag of its own")
    func codings() throws {
        let resource = StaticResource(Array(text.utf8), name: "a.html", headers: ["Content-Security-Policy": "x"])
        var tags: Set<String> = []
        for (wish, start, coding) in [("br", nil, "br"), ("gzip", [0x1F, 0x8B], "gzip"), ("", Array("Hel".utf8), nil)]
            as [(String, [UInt8]?, String?)]
        {
            let (response, bytes) = try ask(resource, ["Accept-Encoding": wish])
            if let start { #expect(bytes.starts(with: start)) }
            #expect(response.headers["content-encoding"] == coding)
            #expect(coding == nil || bytes.count < 100)
            #expect(response.headers["vary"] == "Accept-Encoding")
            #expect(response.headers["content-type"] == "text/html; charset=utf-8")
            #expect(response.headers["content-security-policy"] == "x")
            let tag = try #require(response.headers["etag"])
            tags.insert(tag)
            #expect(try ask(resource, ["Accept-Encoding": wish, "If-None-Match": tag]).0.status == .notModified)
        }
        #expect(tags.count == 3)
    }

    @Test("what would not get smaller stays as it is", arguments: ["a.png", "b.html"])
    func incompressible(name: String) throws {
        let bytes: [UInt8] = name == "a.png" ? Array(text.utf8) : [1]
        let (response, body) = try ask(StaticResource(bytes, name: name), ["Accept-Encoding": "br, gzip"])
        #expect(body == bytes)
        #expect(response.headers["content-encoding"] == nil)
        #expect(response.headers.contains("vary") == (name == "b.html"))
    }

    @Test("other content has another tag, the same content the same")
    func tags() throws {
        func tag(_ text: String) throws -> String? {
            try ask(StaticResource(Array(text.utf8), name: "a.txt")).0.headers["etag"]
        }
        #expect(try tag("a") == tag("a"))
        #expect(try tag("a") != tag("b"))
        #expect(try tag("") != nil)
    }

    @Test(
        "types are found by the end of a name",
        arguments: [
            ("a.html", "text/html; charset=utf-8"), ("A.HTML", "text/html; charset=utf-8"),
            ("a.min.js", "text/javascript; charset=utf-8"),
            ("a.svg", "image/svg+xml"), ("a", "application/octet-stream"), ("a.", "application/octet-stream"),
            ("a.html.exe", "application/octet-stream"), ("html", "application/octet-stream"),
            ("", "application/octet-stream"),
        ])
    func types(name: String, type: String) {
        #expect(MediaTypes.type(ofFile: name) == type)
    }
}
