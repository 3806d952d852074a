import Messages
import TestSupport
import Testing

@testable import Stages

@Suite struct TextSplitterTests {
    private func pieces(
        _ text: String, _ limit: Int, _ unit: TextMeasure.Unit = .characters, as format: TextFormat = .markdown
    ) -> [String] {
        TextSplitter(limit: limit, unit: unit).pieces(text, as: format, most: 1_000)
    }

    @Test("a text that fits stays one piece")
    func fits() {
        #expect(pieces("abc", 3) == ["abc"])
        #expect(pieces("👩‍👩‍👧‍👦é", 2) == ["👩‍👩‍👧‍👦é"])
    }

    @Test(
        "a text is cut at the best place in the second half of a piece",
        arguments: [
            ("one two three four", 10, ["one two", "three four"]),
            ("First one. Second one here.", 16, ["First one.", "Second one here."]),
            ("a b\n\nc d e f g h", 12, ["a b\n\nc d e f", "g h"]), ("a b c d\n\ne f g h", 12, ["a b c d", "e f g h"]),
            ("a b c d\ne f g h", 12, ["a b c d", "e f g h"]), ("abcdefghij", 4, ["abcd", "efgh", "ij"]),
            ("今天天气很好。我们去公园散步吧！", 10, ["今天天气很好。", "我们去公园散步吧！"]),
            ("我们去公园散步，好", 7, ["我们去公园散", "步，好"]),
        ])
    func places(text: String, limit: Int, expected: [String]) {
        #expect(pieces(text, limit) == expected)
    }

    @Test("characters, UTF-16 units and bytes are counted as told, and no cluster is broken")
    func units() {
        let family = "👩‍👩‍👧‍👦"
        let text = String(repeating: family, count: 3)
        #expect(pieces(text, 1) == [family, family, family])
        #expect(pieces(text, family.utf16.count, .utf16) == [family, family, family])
        #expect(pieces(text, family.utf8.count * 2, .bytes) == [family + family, family])
        #expect(pieces("日本語", 6, .bytes) == ["日本", "語"])
        #expect(pieces("e\u{301}e\u{301}", 1) == ["e\u{301}", "e\u{301}"])
        // A cluster that is too long by itself has to go in pieces.
        let zalgo = "a" + String(repeating: "\u{301}", count: 9)
        #expect(pieces(zalgo + "b", 4, .utf16).allSatisfy { $0.utf16.count <= 4 })
    }

    @Test(
        "links, addresses and code spans stay whole",
        arguments: [
            ("see [the notes](https://example.org/n) now", 34, "[the notes](https://example.org/n)"),
            ("see ![a plot](https://example.org/n) or so", 34, "![a plot](https://example.org/n)"),
            ("look at https://example.org/a_long_path here", 32, "https://example.org/a_long_path"),
            ("look at <https://example.org/a-path> here", 30, "<https://example.org/a-path>"),
            ("please type `make all install` now", 20, "`make all install`"),
            ("please type ``make `all` this`` now", 22, "``make `all` this``"),
            ("see [the [inner] (x)](https://e.org/(a)) now", 36, "[the [inner] (x)](https://e.org/(a))"),
        ])
    func atoms(text: String, limit: Int, atom: String) {
        let pieces = pieces(text, limit)
        #expect(pieces.count > 1)
        #expect(pieces.contains { $0.contains(atom) }, "\(pieces)")
        #expect(pieces.allSatisfy { $0.count <= limit })
    }

    @Test("what is no link is cut like any text, and a link that is too long too")
    func noAtoms() {
        #expect(pieces("an [unclosed bracket of words", 12).count > 1)
        #expect(pieces("\\[not a link](really not a link)", 16).count > 1)
        let long = "[x](https://example.org/\(String(repeating: "a", count: 60)))"
        #expect(pieces(long, 20).allSatisfy { $0.count <= 20 })
        #expect(pieces("[a](b) [c](d) [e](f) [g](h)", 14) == ["[a](b) [c](d)", "[e](f) [g](h)"])
    }

    @Test("a code fence that is cut is closed, and opened again with its language")
    func fences() {
        let code = (1...6).map { "let value\($0) = \($0)" }.joined(separator: "\n")
        let pieces = pieces("Look:\n\n```swift\n\(code)\n```\n\nDone.", 60)
        #expect(
            pieces == [
                "Look:\n\n```swift\nlet value1 = 1\nlet value2 = 2\n```",
                "```swift\nlet value3 = 3\nlet value4 = 4\nlet value5 = 5\n```",
                "```swift\nlet value6 = 6\n```", "Done.",
            ])
    }

    @Test("a fence that fits a piece of its own is not cut")
    func smallFence() {
        let fence = "```\none\ntwo\nthree\n```"
        #expect(pieces("A text that is long enough.\n\(fence)", 40) == ["A text that is long enough.", fence])
    }

    @Test("tildes and long fences are told apart, and a fence in plain text is text")
    func otherFences() {
        let text = "````\n```\n" + (1...8).map { "line \($0)\n" }.joined() + "````"
        let result = pieces(text, 50)
        #expect(result.allSatisfy { $0.hasPrefix("````\n") && $0.hasSuffix("\n````") && $0.count <= 50 })
        #expect(!pieces(text, 50, as: .plain).dropFirst().contains { $0.hasPrefix("````") })
    }

    @Test("whatever the text, no piece is too long and nothing is lost", arguments: 0..<20)
    func anyText(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        let alphabet = [
            "word", " ", "\n", "\n\n", "[", "](", ")", "`", "```", "\n```\n", "~~~\n", "<", ">", "\\", "https://x.y/z",
            "é",
            "👩‍👩‍👧‍👦", "!", "。", "漢字", "\r\n", "\u{301}",
        ]
        for _ in 0..<200 {
            let text = (0..<Int.random(in: 0...80, using: &random)).map { _ in
                alphabet.randomElement(using: &random) ?? ""
            }.joined()
            let limit = Int.random(in: 8...60, using: &random)
            for unit in TextMeasure.Unit.allCases {
                let plain = pieces(text, limit, unit, as: .plain)
                #expect(plain.allSatisfy { unit.size(of: $0) <= limit }, "\(unit) \(limit) \(text.debugDescription)")
                let letters = plain.joined().unicodeScalars.filter { !$0.properties.isWhitespace }
                #expect(
                    Array(letters) == text.unicodeScalars.filter { !$0.properties.isWhitespace },
                    "\(unit) \(limit) \(text.debugDescription)")
                let markdown = pieces(text, limit, unit)
                #expect(markdown.allSatisfy { unit.size(of: $0) <= limit }, "\(unit) \(limit) \(text.debugDescription)")
                let seen = markdown.joined().unicodeScalars.filter {
                    !$0.properties.isWhitespace && $0 != "`" && $0 != "~"
                }
                let given = text.unicodeScalars.filter { !$0.properties.isWhitespace && $0 != "`" && $0 != "~" }
                #expect(seen.count >= given.count, "\(unit) \(limit) \(text.debugDescription)")
            }
        }
    }

    @Test(
        "a text of nothing but openings costs no more than its length",
        arguments: ["[", "`a", "<a", "![", "(", "```\n", "\\", "[](", "a.", "))"])
    func openings(opening: String) {
        let text = String(repeating: opening, count: 50_000)
        #expect(TextSplitter(limit: 4_000).pieces(text, as: .markdown, most: 1_000).count > 1)
    }
}

@Suite struct SplitStageTests {
    private func split(_ via: String, _ envelope: Envelope) throws -> [Envelope] {
        let result = try chain(via).run(envelope, context: context())
        #expect(result.branches.allSatisfy { $0.end == .passed })
        return result.branches.map(\.envelope)
    }

    @Test("pieces keep the thread, or get one, so that they stay in order")
    func thread() throws {
        let envelope = try sample(text: "one two three") { $0.thread = "t" }
        #expect(try split("{split: {length: 40}}", envelope) == [envelope])
        let long = try sample(text: String(repeating: "word ", count: 30)) { $0.thread = "t" }
        #expect(try split("{split: 50}", long).map(\.thread) == ["t", "t", "t"])
        var bare = long
        bare.thread = nil
        #expect(try Set(split("{split: 50}", bare).map(\.thread)) == [bare.id.description])
    }

    @Test("pieces are numbered within the limit if asked")
    func numbers() throws {
        let text = String(repeating: "word ", count: 200)
        let plain = try split("{split: {length: 80, numbered: true}}", sample(text: text))
        #expect(plain.first?.text.hasPrefix("(1/\(plain.count)) word") == true)
        #expect(plain.last?.text.hasPrefix("(\(plain.count)/\(plain.count)) word") == true)
        #expect(plain.allSatisfy { $0.text.count <= 80 })
        let code = try split(
            "{split: {length: 80, numbered: true}}",
            sample(text: "```\n" + String(repeating: "line\n", count: 40) + "```", format: .markdown))
        #expect(code.allSatisfy { $0.text.count <= 80 && $0.text.contains(")\n\n```\n") })
        #expect(try split("{split: {length: 80, numbered: true}}", sample()) == [sample()])
    }

    @Test("files go with the first or the last piece, as they stand before or behind the text")
    func files() throws {
        let envelope = try sample(text: String(repeating: "word ", count: 30)) { envelope in
            envelope.parts.insert(Part(type: .image, content: .bytes([1])), at: 0)
            envelope.parts.append(Part(type: .file, content: .bytes([2])))
        }
        let pieces = try split("{split: 50}", envelope)
        #expect(pieces.map { $0.parts.map(\.type) } == [[.image, .text], [.text], [.text, .file]])
    }

    @Test("parts become messages of their own")
    func parts() throws {
        let envelope = try sample(text: "one") { envelope in
            envelope.parts.append(Part(type: .image, content: .bytes([1])))
            envelope.parts.append(.text("two"))
        }
        #expect(try split("{split: parts}", envelope).map(\.parts) == envelope.parts.map { [$0] })
        #expect(try split("{split: parts}", sample()) == [sample()])
    }

    @Test("so many lines make a piece")
    func lines() throws {
        let envelope = try sample(text: "1\n2\n3\n4\n5")
        #expect(try split("{split: {lines: 2}}", envelope).map(\.text) == ["1\n2", "3\n4", "5"])
        let code = try sample(text: "```\n1\n2\n3\n```", format: .markdown)
        #expect(try split("{split: {lines: 2}}", code).map(\.text) == ["```\n1\n```", "```\n2\n3\n```"])
    }

    @Test("HTML is split as Markdown, for pieces of it would be no HTML")
    func html() throws {
        let text = "<p>" + String(repeating: "<b>word</b> and ", count: 20) + "</p>"
        let pieces = try split("{split: 60}", sample(text: text, format: .html))
        #expect(pieces.count > 1)
        #expect(pieces.allSatisfy { $0.textFormat == .markdown && !$0.text.contains("<") })
        let short = try sample(text: "<p>x</p>", format: .html)
        #expect(try split("{split: 60}", short) == [short])
    }

    @Test("a text of too many pieces holds the message")
    func tooMany() throws {
        let end = try end("{split: 40}", sample(text: String(repeating: "word ", count: 20_000)))
        let reason = "the stages made more than 1000 messages of one"
        #expect(end == .held(stage: "split", reason: reason, until: nil, next: 0))
    }

    @Test(
        "settings that make no sense are reported",
        arguments: [
            ("{split: 10}", "2:14: via.split: expected 40 to 1000000, got 10"),
            ("{split: {}}", "2:14: via.split: expected one of length, lines and parts in it"),
            ("{split: {length: 50, lines: 3}}", "2:14: via.split: expected one of length, lines and parts in it"),
            (
                "{split: {length: 50, unit: word}}",
                "2:33: via.split.unit: expected characters, utf16 or bytes, got the text \"word\""
            ),
            ("{split: part}", "2:14: via.split: expected parts, a whole number or a mapping, got the text \"part\""),
        ])
    func faults(via: String, expected: String) {
        #expect(read(via: via).diagnostics == ["routes.yaml:\(expected)"])
    }
}
