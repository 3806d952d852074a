import Configuration
import Messages
import Testing

@testable import Routing

@Suite struct TopicTrieTests {
    private func trie(_ patterns: [TopicPattern]) -> TopicTrie {
        var trie = TopicTrie()
        for (number, pattern) in patterns.enumerated() { #expect(trie.insert(pattern) == number) }
        return trie
    }

    private func matches(_ trie: TopicTrie, _ topic: Topic) -> [Int] {
        var (scratch, found) = (TopicTrie.Scratch(), [Int32]())
        trie.match(topic, &scratch, into: &found)
        return found.map(Int.init).sorted()
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
        #expect(matches(trie(patterns), try Topic(parsing: topic)) == expected)
    }

    @Test("a route of several patterns that fit is found once")
    func once() throws {
        let patterns = try patterns(["news:**", "*:lobsters", "news:lobsters", "news:*"])
        let address = try Address(parsing: "work:C1")
        let route = Route(patterns: patterns, targets: [.address(address)], position: .builtIn)
        let table = RouteTable(routes: [route, route], unrouted: address)
        #expect(table.candidates(for: try Topic(parsing: "news:lobsters")) == [0, 1])
    }

    @Test("an empty table has nothing to find")
    func empty() throws {
        #expect(matches(trie([]), try Topic(parsing: "news:lobsters")) == [])
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
            #expect(matches(trie, topic) == linear, "\(topic)")
        }
    }

    @Test("patterns that come and go are found while they are there, and leave nothing behind", arguments: 0..<12)
    func changes(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let words = ["a", "b", "cc", "é", "e\u{301}", "日本"]
        func text(_ holes: [String]) -> String {
            let segments = (0..<Int.random(in: 1...5, using: &random)).map { _ in
                (words + holes).randomElement(using: &random) ?? "a"
            }
            return "\(["news", "web", "*"].randomElement(using: &random) ?? "*"):\(segments.joined(separator: "/"))"
        }
        var (trie, kept) = (TopicTrie(), [Int32: TopicPattern]())
        for _ in 0..<2_000 {
            if let number = kept.keys.sorted().randomElement(using: &random), Bool.random(using: &random) {
                trie.remove(number)
                trie.remove(number)
                kept[number] = nil
            } else {
                let pattern = try TopicPattern(parsing: text(["*", "**"]))
                let number = trie.insert(pattern)
                #expect(kept.updateValue(pattern, forKey: number) == nil)
                #expect(try TopicPattern(parsing: trie.pattern(number)).covers(pattern))
            }
            let topic = try Topic(parsing: text([]).replacing("*:", with: "mail:"))
            let linear = kept.filter { $0.value.matches(topic) }.map { Int($0.key) }.sorted()
            #expect(matches(trie, topic) == linear, "\(topic)")
        }
        for number in kept.keys { trie.remove(number) }
        #expect(trie.count == 0 && trie.nodes[0].uses == 0 && trie.nodes[0].one == -1)
        let (placeCount, wordCount) = (trie.nodes.count, trie.words.count)
        let again = try TopicPattern(parsing: "news:a/b/*")
        #expect(trie.insert(again) >= 0)
        #expect(trie.nodes.count == placeCount && trie.words.count == wordCount)
    }

    @Test("patterns of nothing but holes stay cheap")
    func hostile() throws {
        let holes = (1...30).map { count in
            "*:" + (0..<count).map { $0 % 2 == 0 ? "**" : "*" }.joined(separator: "/")
        }
        let topic = try Topic(parsing: "a:" + Array(repeating: "x", count: 32).joined(separator: "/"))
        let trie = trie(try patterns(holes))
        let start = ContinuousClock.now
        for _ in 0..<100 { #expect(matches(trie, topic).count == 30) }
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
