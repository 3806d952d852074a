import Messages
import Testing

@testable import Routing

@Suite struct TopicTrieTests {
    private func trie(_ patterns: [TopicPattern]) -> TopicTrie {
        var builder = TopicTrieBuilder()
        for (number, pattern) in patterns.enumerated() { builder.add(pattern, number: number) }
        return builder.build()
    }

    private func patterns(_ texts: [String]) throws -> [TopicPattern] {
        try texts.map { text throws(MessageError) in try TopicPattern(parsing: text) }
    }

    @Test(
        "all patterns that fit are found, in the order of the file",
        arguments: [
            ("news:lobsters", [0, 2, 3, 4, 9]), ("news:lobsters/swift", [1, 3, 4, 5, 6, 9]), ("web:shop/chat", [4, 8]),
            ("news:a/b/swift", [3, 4, 6, 7, 9]), ("news:a/swift/b/swift", [3, 4, 6, 7, 9]), ("none:x", [4]),
        ])
    func found(topic: String, expected: [Int]) throws {
        let patterns = try patterns([
            "news:lobsters", "news:lobsters/*", "news:*", "news:**", "*:**", "news:lobsters/swift", "news:**/swift",
            "news:a/**/swift", "web:shop/**/chat", "news:**/**",
        ])
        #expect(trie(patterns).matches(try Topic(parsing: topic)) == expected)
    }

    @Test("a number that stands for several patterns is found once")
    func once() throws {
        var builder = TopicTrieBuilder()
        for pattern in try patterns(["news:**", "*:lobsters", "news:lobsters", "news:*"]) {
            builder.add(pattern, number: 7)
        }
        #expect(builder.build().matches(try Topic(parsing: "news:lobsters")) == [7])
    }

    @Test("an empty table has nothing to find")
    func empty() throws {
        #expect(trie([]).matches(try Topic(parsing: "news:lobsters")) == [])
    }

    @Test("the tree finds what a look at every pattern finds", arguments: 0..<12)
    func sameAsLinear(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let words = ["a", "b", "cc", "é", "日本", "A"]
        func segments(_ holes: [String]) -> String {
            (0..<Int.random(in: 1...6, using: &random)).map { _ in (words + holes).randomElement(using: &random) ?? "a"
            }
            .joined(separator: "/")
        }
        let patterns = try patterns(
            (0..<200).map { _ in
                let source = ["news", "web", "*"].randomElement(using: &random) ?? "*"
                return "\(source):\(segments(["*", "*", "**", "**"]))"
            })
        let trie = trie(patterns)
        for _ in 0..<100 {
            let source = ["news", "web", "mail"].randomElement(using: &random) ?? "news"
            let topic = try Topic(parsing: "\(source):\(segments(["new"]))")
            let linear = patterns.indices.filter { patterns[$0].matches(topic) }
            #expect(trie.matches(topic) == linear, "\(topic)")
        }
    }

    @Test("patterns of nothing but holes stay cheap")
    func hostile() throws {
        let holes = (1...30).map { count in
            "*:" + (0..<count).map { $0 % 2 == 0 ? "**" : "*" }.joined(separator: "/")
        }
        let topic = try Topic(parsing: "a:" + Array(repeating: "x", count: 32).joined(separator: "/"))
        let trie = trie(try patterns(holes))
        let start = ContinuousClock.now
        for _ in 0..<100 { #expect(trie.matches(topic).count == 30) }
        #expect(ContinuousClock.now - start < .seconds(5))
    }
}

@Suite struct PatternCoverTests {
    @Test(
        "a pattern covers another when every topic of that one fits it",
        arguments: [
            ("news:**", "news:lobsters", true), ("news:**", "news:a/*/b", true), ("*:**", "news:**", true),
            ("news:*", "news:lobsters", true), ("news:*", "news:*", true), ("news:a/**", "news:a", true),
            ("news:a/**", "news:a/b/**", true), ("news:**/x", "news:a/**/x", true), ("news:*", "news:**", false),
            ("news:a", "news:*", false), ("news:**", "web:a", false), ("news:**", "*:a", false),
            ("news:*/*", "news:a", false), ("news:a/**", "news:**", false), ("news:a", "news:b", false),
            ("news:**/a/**", "news:b/a", true), ("news:**/*", "news:a/b", true),
        ])
    func covers(wide: String, narrow: String, expected: Bool) throws {
        #expect(try TopicPattern(parsing: wide).covers(TopicPattern(parsing: narrow)) == expected)
    }

    @Test("a yes is certain", arguments: 0..<20)
    func certain(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        func text(_ holes: [String]) -> String {
            (0..<Int.random(in: 1...4, using: &random)).map { _ in
                (["a", "b"] + holes).randomElement(using: &random) ?? "a"
            }
            .joined(separator: "/")
        }
        let topics = try (0..<100).map { _ in try Topic(parsing: "n:\(text([]))") }
        for _ in 0..<100 {
            let wide = try TopicPattern(parsing: "n:\(text(["*", "**"]))")
            let narrow = try TopicPattern(parsing: "n:\(text(["*", "**"]))")
            guard wide.covers(narrow) else { continue }
            #expect(topics.allSatisfy { !narrow.matches($0) || wide.matches($0) }, "\(wide) \(narrow)")
        }
    }
}

/// Randomness that a seed decides: SplitMix64.
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) {
        state = seed
    }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
