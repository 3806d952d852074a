import Messages
import TestSupport
import Testing

@Suite struct TopicPatternTests {
    @Test(
        "* is one segment, ** is any number of them, * as the source is every mailbox",
        arguments: [
            ("news:lobsters", "news:lobsters", true),
            ("news:lobsters", "news:lobster", false),
            ("news:lobsters", "news:Lobsters", false),
            ("news:lobsters", "mews:lobsters", false),
            ("news:lobsters", "news:lobsters/x", false),
            ("news:*", "news:a", true),
            ("news:*", "news:a/b", false),
            ("news:*/b", "news:a/b", true),
            ("news:**", "news:a", true),
            ("news:**", "news:a/b/c", true),
            ("news:a/**", "news:a", true),
            ("news:a/**", "news:a/b/c", true),
            ("news:a/**", "news:ab", false),
            ("news:**/z", "news:z", true),
            ("news:**/z", "news:a/b/z", true),
            ("news:**/z", "news:a/z/b", false),
            ("news:a/**/z", "news:a/z", true),
            ("news:a/**/z", "news:a/b/z/c/z", true),
            ("news:a/**/b/**/c", "news:a/x/b/c", true),
            ("news:a/**/b/**/c", "news:a/b/b/y/c", true),
            ("news:a/**/b/**/c", "news:a/c/b", false),
            ("news:**/*", "news:a", true),
            ("news:*/**", "news:a", true),
            ("news:*/**/*", "news:a", false),
            ("news:*/**/*", "news:a/b", true),
            ("news:**/**", "news:a", true),
            ("news:**/*/x/**", "news:x/x", true),
            ("news:**/*/x/**", "news:x", false),
            ("*:alert/**", "web:alert/disk", true),
            ("*:alert/**", "web:alarm/disk", false),
            ("**:a", "any:a", true),
            ("m:a/\u{301}b", "m:a/\u{301}b", true),
        ])
    func matching(pattern: String, topic: String, fits: Bool) throws {
        #expect(try TopicPattern(parsing: pattern).matches(Topic(parsing: topic)) == fits)
    }

    @Test(
        "what is no pattern is told with the offset of the first wrong character",
        arguments: [
            ("news", 4, "expected \":\" between source and class, as in news:lobsters"),
            ("news:a*", 5, "\"*\" must be a whole segment; use `where` to look inside one"),
            ("news:a/***", 7, "\"*\" must be a whole segment; use `where` to look inside one"),
            ("news:a/*\u{301}", 7, "\"*\" must be a whole segment; use `where` to look inside one"),
            ("n*ws:a", 1, "a mailbox name has only a to z, 0 to 9, \"_\" and \"-\""),
            ("***:a", 0, "a mailbox name has only a to z, 0 to 9, \"_\" and \"-\""),
            ("news:a//b", 7, "expected a segment of the class"),
            ("news:", 5, "expected a segment of the class"),
        ])
    func faults(text: String, offset: Int, reason: String) {
        #expect(throws: MessageError.badTopicPattern(text: text, offset: offset, reason: reason)) {
            try TopicPattern(parsing: text)
        }
    }

    @Test("a pattern is written as it was read", arguments: ["news:a/*/**/b", "*:x", "m:**"])
    func writing(text: String) throws {
        #expect(try TopicPattern(parsing: text).description == text)
    }

    @Test("a hostile pattern of many ** does not make matching slow")
    func hostile() throws {
        let pattern = try TopicPattern(
            parsing: "m:" + Array(repeating: "**/a", count: 15).joined(separator: "/") + "/**/b")
        let topic = try Topic(parsing: "m:" + Array(repeating: "a", count: 32).joined(separator: "/"))
        let clock = ContinuousClock()
        let time = clock.measure {
            for _ in 0..<1_000 where pattern.matches(topic) { Issue.record("matched") }
        }
        // Backtracking over 15 stars would take 32-choose-15 steps for each; quadratic matching takes a thousand.
        #expect(time < .seconds(10))
    }

    @Test("matching agrees with the rule written down directly", arguments: 0..<200)
    func agreement(seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        let names = ["a", "b"]
        func pick(_ choices: [String], upTo count: Int) -> String {
            (0..<Int.random(in: 1...count, using: &random)).map { _ in
                choices[Int.random(in: 0..<choices.count, using: &random)]
            }.joined(separator: "/")
        }
        for _ in 0..<50 {
            let pattern = try TopicPattern(parsing: "m:" + pick(names + ["*", "**"], upTo: 6))
            let topic = try Topic(parsing: "m:" + pick(names, upTo: 6))
            #expect(
                pattern.matches(topic) == Self.fits(pattern.segments[...], topic.segments[...]), "\(pattern) \(topic)")
        }
    }

    /// The definition, without a thought to speed.
    private static func fits(_ pattern: ArraySlice<TopicPattern.Segment>, _ segments: ArraySlice<Substring>) -> Bool {
        switch pattern.first {
        case nil: segments.isEmpty
        case .any: (0...segments.count).contains { fits(pattern.dropFirst(), segments.dropFirst($0)) }
        case .one: !segments.isEmpty && fits(pattern.dropFirst(), segments.dropFirst())
        case .literal(let text):
            segments.first.map { $0 == text } ?? false && fits(pattern.dropFirst(), segments.dropFirst())
        }
    }
}
