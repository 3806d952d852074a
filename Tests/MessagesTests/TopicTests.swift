import Messages
import TestSupport
import Testing

@Suite struct TopicTests {
    @Test(
        "a topic is a source and the segments of a class",
        arguments: [
            ("news:lobsters", "news", ["lobsters"]),
            ("repo:acme/app/issues/opened", "repo", ["acme", "app", "issues", "opened"]),
            ("m:a:b/c d", "m", ["a:b", "c d"]),
            ("m:新闻/中国", "m", ["新闻", "中国"]),
            ("m:\u{301}x", "m", ["\u{301}x"]),
            ("m:a/\u{301}b", "m", ["a", "\u{301}b"]),
        ])
    func parts(text: String, source: String, segments: [String]) throws {
        let topic = try Topic(parsing: text)
        #expect(topic.source == source)
        #expect(topic.segments.map(String.init) == segments)
        #expect(topic.description.utf8.elementsEqual(text.utf8))
        #expect(try Topic(source: source, class: segments.joined(separator: "/")) == topic)
    }

    @Test(
        "what is no topic is told with the offset of the first wrong character",
        arguments: [
            ("", 0, "expected \":\" between source and class, as in news:lobsters"),
            ("news", 4, "expected \":\" between source and class, as in news:lobsters"),
            (":a", 0, "expected a mailbox name"),
            ("News:a", 0, "a mailbox name has only a to z, 0 to 9, \"_\" and \"-\""),
            ("news:", 5, "expected a segment of the class"),
            ("news:/a", 5, "expected a segment of the class"),
            ("news:a/", 7, "expected a segment of the class"),
            ("news:a//b", 7, "expected a segment of the class"),
            ("news:a\tb", 6, "a control character"),
            ("news:a/b*", 8, "\"*\" belongs to topic patterns"),
            ("*:a", 0, "a mailbox name has only a to z, 0 to 9, \"_\" and \"-\""),
        ])
    func faults(text: String, offset: Int, reason: String) {
        #expect(throws: MessageError.badTopic(text: text, offset: offset, reason: reason)) {
            try Topic(parsing: text)
        }
    }

    @Test("a class has at most 512 bytes and 32 segments")
    func limits() throws {
        let longest = String(repeating: "x", count: 512)
        let deepest = Array(repeating: "s", count: 32).joined(separator: "/")
        #expect(try Topic(parsing: "m:\(longest)").class == longest)
        #expect(try Topic(parsing: "m:\(deepest)").segments.count == 32)
        let cases = [
            ("m:\(longest)x", 514, "a class has at most 512 bytes"),
            ("m:\(deepest)/s", 66, "a class has at most 32 segments"),
        ]
        for (text, offset, reason) in cases {
            #expect(throws: MessageError.badTopic(text: text, offset: offset, reason: reason)) {
                try Topic(parsing: text)
            }
        }
    }

    @Test("a source with a colon makes no topic")
    func border() {
        #expect(throws: MessageError.self) { try Topic(source: "news:x", class: "y") }
    }

    @Test(
        "any text can be made a class",
        arguments: [
            ("opened", "opened"), ("/a//b/", "a/b"), ("a*b\u{1}c\u{85}", "a-b-c-"), ("", "event"), ("///", "event"),
            ("/\u{301}x", "\u{301}x"), ("com.example.order/v1", "com.example.order/v1"),
        ])
    func sanitized(text: String, expected: String) throws {
        let result = Topic.sanitizedClass(text, fallback: "event")
        #expect(result.utf8.elementsEqual(expected.utf8))
        #expect(try Topic(source: "m", class: result).class.utf8.elementsEqual(expected.utf8))
    }

    @Test("whatever a stranger sends, the sanitized class is one", arguments: 0..<50)
    func sanitizedAlways(seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        let alphabet: [Unicode.Scalar] = ["/", "/", "a", "*", ":", "\u{0}", "\u{85}", "\u{301}", "é", "😀", "\u{202E}"]
        var text = String.UnicodeScalarView()
        for _ in 0..<Int.random(in: 0..<800, using: &random) {
            text.append(alphabet[Int.random(in: 0..<alphabet.count, using: &random)])
        }
        let topic = try Topic(source: "m", class: Topic.sanitizedClass(String(text), fallback: "event"))
        #expect(!topic.segments.isEmpty)
    }
}
