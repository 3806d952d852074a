import Messages
import TestSupport
import Testing

private let digest = String(repeating: "0123456789abcdef", count: 4)

/// An envelope in which no field is as it is by default.
func fullEnvelope() throws -> Envelope {
    var envelope = Envelope(
        id: try MessageID(parsing: "017f22e2-79b0-7cc3-98c4-dc0c0c07398f"),
        time: Timestamp(milliseconds: 1_795_169_730_123),
        from: try Address(parsing: "mail:ann@example.org"),
        to: [try Address(parsing: "work:C024BE91L"), try Address(parsing: "b.example!desk:support")],
        topic: try Topic(parsing: "mail:support/new"), kind: .edit, subject: "Grüße \"quoted\"",
        parts: [
            .text("Hello\n\tworld", format: .markdown),
            Part(type: .text, mediaType: "text/html", name: "a.html", content: .text("<b>x</b>", format: .html)),
            Part(type: .image, mediaType: "image/png", name: "a.png", content: .bytes([0x89, 0x50, 0, 255])),
            Part(type: .location, content: .value(["lat": 52.5, "lon": 13])),
            Part(type: .data, mediaType: "application/json", content: .value(nil)),
            Part(type: .file, name: "b.pdf", content: .blob(try BlobReference(digest: digest, size: 70_000))),
        ])
    envelope.replyTo = try Address(parsing: "mail:list@example.org")
    envelope.thread = "t-1"
    envelope.inReplyTo = "<x@example.org>"
    envelope.parent = try MessageID(parsing: "00000000-0000-7000-8000-000000000001")
    envelope.root = try MessageID(parsing: "00000000-0000-7000-8000-000000000000")
    envelope.depth = 3
    envelope.sender = Sender(name: "Ann", avatar: "https://example.org/a.png", isAuthenticated: true, isAutomatic: true)
    envelope.headers = ["list-id": "<l.example.org>", "x-b": "", "a": "é"]
    envelope.meta = ["language": "de", "labels": ["a", "b"], "n": 1.5]
    envelope.priority = .urgent
    envelope.notBefore = Timestamp(seconds: 1_800_000_000)
    envelope.expires = Timestamp(seconds: 1_900_000_000)
    envelope.idempotencyKey = "key-1"
    envelope.received = [
        Hop(router: "a.example", time: Timestamp(seconds: 1), by: "mail"),
        Hop(router: "b", time: Timestamp(seconds: 2), by: ""),
    ]
    return envelope
}

@Suite struct EnvelopeJSONTests {
    @Test("an envelope with every field set comes back as it was")
    func fullRoundTrip() throws {
        let envelope = try fullEnvelope()
        #expect(try Envelope(parsing: envelope.encoded()) == envelope)
        #expect(try Envelope(envelope.json()) == envelope)
    }

    @Test("every field of the format is written, under its name and in its order")
    func names() throws {
        let object = try #require(try fullEnvelope().json().object)
        #expect(object.members.map(\.name) == Envelope.fieldNames)
    }

    @Test("an envelope of the least is written without empty fields and comes back")
    func leastRoundTrip() throws {
        let envelope = Envelope(
            id: try MessageID(parsing: "017f22e2-79b0-7cc3-98c4-dc0c0c07398f"), time: Timestamp(seconds: 0),
            from: try Address(parsing: "a:b"), topic: try Topic(parsing: "a:b"))
        let text = String(decoding: envelope.encoded(), as: UTF8.self)
        #expect(
            text == #"{"id":"017f22e2-79b0-7cc3-98c4-dc0c0c07398f","time":"1970-01-01T00:00:00.000Z","from":"a:b","#
                + #""topic":"a:b","kind":"message","parts":[]}"#)
        #expect(try Envelope(parsing: Array(text.utf8)) == envelope)
    }

    @Test("every kind, priority, format and part type comes back")
    func choices() throws {
        var envelope = try fullEnvelope()
        for kind in MessageKind.allCases {
            for priority in Priority.allCases {
                envelope.kind = kind
                envelope.priority = priority
                envelope.parts = TextFormat.allCases.map { .text("x", format: $0) }
                envelope.parts += PartType.allCases.map { Part(type: $0, content: .text("", format: .plain)) }
                #expect(try Envelope(parsing: envelope.encoded()) == envelope)
            }
        }
    }

    @Test("null is as good as a field that is missing, and unknown fields are ignored")
    func leniency() throws {
        let full = try fullEnvelope().json()
        var object = try #require(full.object)
        let required = ["id", "time", "from", "topic"]
        for name in Envelope.fieldNames where !required.contains(name) { object[name] = .null }
        object["added_later"] = ["x": 1]
        let envelope = try Envelope(.object(object))
        #expect(envelope == Envelope(id: envelope.id, time: envelope.time, from: envelope.from, topic: envelope.topic))
    }

    @Test("bytes of every length come back", arguments: 0..<20)
    func bytes(length: Int) throws {
        var envelope = try fullEnvelope()
        let bytes = (0..<length).map { UInt8(truncatingIfNeeded: $0 &* 37 &+ 250) }
        envelope.parts = [Part(type: .file, content: .bytes(bytes))]
        #expect(try Envelope(parsing: envelope.encoded()).parts == envelope.parts)
    }
}

@Suite struct EnvelopeFaultTests {
    private static let least: JSON = [
        "id": "017f22e2-79b0-7cc3-98c4-dc0c0c07398f", "time": "1970-01-01T00:00:00Z", "from": "a:b", "topic": "a:b",
    ]

    private static func error(with name: String, _ value: JSON?) -> String? {
        var object = least.object ?? JSONObject()
        object[name] = value
        return #expect(throws: MessageError.self, "\(name)") { try Envelope(.object(object)) }?.description
    }

    @Test("a field that must be there is named when it is missing", arguments: ["id", "time", "from", "topic"])
    func missing(name: String) {
        #expect(Self.error(with: name, nil) == "\(name): is missing")
    }

    @Test(
        "a field of the wrong form is named with its path and what was expected",
        arguments: [
            ("id", 1, "id: expected a string"),
            ("id", "x", "id: bad message id \"x\" at offset 0: expected a hexadecimal digit"),
            ("time", "now", "time: bad time \"now\" at offset 0: expected a year"),
            (
                "from", "mail",
                "from: bad address \"mail\" at offset 4: expected \":\" between platform and user, as in mail:ann@example.org"
            ),
            ("to", "a:b", "to: expected an array"),
            ("to", ["a:b", 1], "to[1]: expected a string"),
            ("to", ["a:"], "to[0]: bad address \"a:\" at offset 2: expected a user after \":\""),
            ("topic", "a:*", "topic: bad topic \"a:*\" at offset 2: \"*\" belongs to topic patterns"),
            (
                "kind", "letter",
                "kind: expected one of message, edit, retract, reaction, receipt, typing, event, bounce"
            ),
            ("subject", ["x"], "subject: expected a string"),
            ("parts", [:], "parts: expected an array"),
            ("parts", [1], "parts[0]: expected an object"),
            ("parts", [[:]], "parts[0].type: is missing"),
            ("parent", "", "parent: bad message id \"\" at offset 0: expected 36 characters"),
            ("depth", -1, "depth: expected an integer from 0 to 1000"),
            ("depth", 1.5, "depth: expected an integer from 0 to 1000"),
            ("depth", 1_001, "depth: expected an integer from 0 to 1000"),
            ("sender", "Ann", "sender: expected an object"),
            ("sender", ["auto": "yes"], "sender.auto: expected true or false"),
            ("headers", ["a": 1], "headers.a: expected a string"),
            ("headers", [], "headers: expected an object"),
            ("meta", [], "meta: expected an object"),
            ("priority", "High", "priority: expected one of low, normal, high, urgent"),
            ("received", [["time": "1970-01-01T00:00:00Z"]], "received[0].router: is missing"),
            ("received", [["router": "a"]], "received[0].time: is missing"),
        ] as [(String, JSON, String)])
    func fields(name: String, value: JSON, text: String) {
        #expect(Self.error(with: name, value) == text)
    }

    @Test(
        "a part of the wrong form is named with its path and what was expected",
        arguments: [
            (["type": "text"], "parts[1]: expected one of \"text\", \"data\" and \"blob\", found 0"),
            (["type": "text", "text": nil], "parts[1]: expected one of \"text\", \"data\" and \"blob\", found 0"),
            (["type": "text", "data": nil], "parts[1]: expected one of \"text\", \"data\" and \"blob\", found 0"),
            (
                ["type": "text", "text": "a", "data": "b"],
                "parts[1]: expected one of \"text\", \"data\" and \"blob\", found 2"
            ),
            (
                ["type": "words", "text": "a"],
                "parts[1].type: expected one of text, image, audio, video, file, sticker, location, data"
            ),
            (["type": "text", "text": 1], "parts[1].text: expected a string"),
            (["type": "text", "text": "a", "format": "rtf"], "parts[1].format: expected one of plain, markdown, html"),
            (["type": "image", "data": "a"], "parts[1].data: expected bytes in Base64"),
            (["type": "image", "data": "A==="], "parts[1].data: expected bytes in Base64"),
            (["type": "image", "data": "AA=A"], "parts[1].data: expected bytes in Base64"),
            (["type": "image", "data": "AA-_"], "parts[1].data: expected bytes in Base64"),
            (["type": "image", "data": [1]], "parts[1].data: expected bytes in Base64"),
            (["type": "file", "blob": "x"], "parts[1].blob: expected an object"),
            (["type": "file", "blob": ["size": 1]], "parts[1].blob.sha256: is missing"),
            (
                ["type": "file", "blob": ["sha256": "AB", "size": 1]],
                "parts[1].blob.sha256: expected 64 hexadecimal digits in lower case"
            ),
            (["type": "file", "blob": ["sha256": .string(digest)]], "parts[1].blob.size: is missing"),
            (
                ["type": "file", "blob": ["sha256": .string(digest), "size": -1]],
                "parts[1].blob.size: expected an integer from 0 to 9223372036854775807"
            ),
        ] as [(JSON, String)])
    func parts(part: JSON, text: String) {
        #expect(Self.error(with: "parts", [["type": "text", "text": "fine"], part]) == text)
    }

    @Test("more than a thousand parts, recipients, fields or hops are refused")
    func counts() {
        let many = JSON.array(Array(repeating: "a:b", count: 1_001))
        #expect(Self.error(with: "to", many) == "to: has more than 1000 elements")
        var headers = JSONObject()
        for number in 0...1_000 { headers["h\(number)"] = "x" }
        #expect(Self.error(with: "headers", .object(headers)) == "headers: has more than 1000 members")
    }

    @Test("what is no object is told as such", arguments: ["[]", "1", "\"a:b\"", "null"])
    func noObject(text: String) {
        #expect(throws: MessageError.badField(path: "envelope", reason: "expected an object")) {
            try Envelope(parsing: Array(text.utf8))
        }
    }

    @Test("a hostile name in the path of an error is cut and escaped")
    func hostilePath() {
        let name = "\u{1B}[2J" + String(repeating: "x", count: 100_000)
        let text = Self.error(with: "headers", .object([name: 1])) ?? ""
        #expect(text.hasPrefix("headers.\\u{1B}[2Jx"))
        #expect(text.utf8.count < 300)
    }
}
