import Messages
import Testing

@testable import Stages

@Suite struct TextCutTests {
    @Test("a text that fits is left alone", arguments: ["", "a", "abcde", "👩‍👩‍👧‍👦é日本語"])
    func fits(text: String) {
        #expect(TextCut(length: 5).cut(text, as: .markdown) == nil)
    }

    @Test(
        "a cut text has at most so many characters, the ellipsis among them",
        arguments: [
            ("abcdef", 5, "abcd…"), ("ab cdef", 4, "ab…"), ("👩‍👩‍👧‍👦👩‍👩‍👧‍👦👩‍👩‍👧‍👦", 2, "👩‍👩‍👧‍👦…"),
            ("e\u{301}e\u{301}e\u{301}", 2, "e\u{301}…"),
            ("日本語テキスト", 4, "日本語…"), ("abcdef", 1, "…"),
        ])
    func cuts(text: String, length: Int, expected: String) {
        #expect(TextCut(length: length).cut(text, as: .plain) == expected)
    }

    @Test(
        "Markdown is not cut inside a link, an address or code",
        arguments: [
            ("see [the notes](https://example.org/n) now", 20, "see…"),
            ("see ![a plot](https://example.org/n) now", 20, "see…"),
            ("see [the (old) notes](x) now", 24, "see…"),
            ("see [the (old) notes](x) now", 26, "see [the (old) notes](x)…"),
            ("see <https://example.org/notes> now", 20, "see…"),
            ("see https://example.org/notes now", 20, "see…"),
            ("use `let x = 1` or so", 10, "use…"),
            ("use ``let `x`` or so", 10, "use…"),
            ("an array[index of many things]", 20, "an array[index of m…"),
            ("5 < 6 and so on and on", 12, "5 < 6 and s…"),
            ("a \\[not a link](really) no", 20, "a \\[not a link](rea…"),
            ("https://example.org/a-long-address", 10, "https://e…"),
        ])
    func spans(text: String, length: Int, expected: String) {
        #expect(TextCut(length: length).cut(text, as: .markdown) == expected)
    }

    @Test(
        "a code fence that is cut is closed",
        arguments: [
            ("```\nlet a = 1\nlet b = 2\nlet c = 3\n```\n", 24, "```\nlet a = 1\nlet b…\n```"),
            ("~~~~swift\nlet a = 1\nlet b = 2\n~~~~\n", 26, "~~~~swift\nlet a = 1…\n~~~~"),
            ("Look:\n```swift\nlet a = 1\n```\n", 18, "Look:…"),
            ("```\na\n```\nand then more text", 20, "```\na\n```\nand then…"),
            ("````\n```\nx\n```\ny and more\n````\n", 22, "````\n```\nx\n```\ny…\n````"),
        ])
    func fences(text: String, length: Int, expected: String) {
        let cut = TextCut(length: length).cut(text, as: .markdown)
        #expect(cut == expected)
        #expect((cut ?? text).count <= length)
    }

    @Test(
        "HTML is not cut inside a tag or an entity",
        arguments: [
            ("<p>Hello <a href='x'>there</a></p>", 14, "<p>Hello…"), ("Tom &amp; Jerry run", 7, "Tom…"),
            ("<b>bold</b> and more", 12, "<b>bold</b>…"), ("a & b and more text", 10, "a & b and…"),
        ])
    func html(text: String, length: Int, expected: String) {
        #expect(TextCut(length: length).cut(text, as: .html) == expected)
    }

    @Test("whatever the text, the result is within the length and begins as the text does")
    func anyText() {
        var random = SystemRandomNumberGenerator()
        let alphabet = [
            "a", " ", "\n", "[", "]", "(", ")", "`", "```", "~~~", "<", ">", "\\", "https://x", "é", "👩‍👩‍👧‍👦", "!",
        ]
        for _ in 0..<2_000 {
            let text = (0..<Int.random(in: 0...60, using: &random)).map { _ in
                alphabet.randomElement(using: &random) ?? ""
            }
            .joined()
            let length = Int.random(in: 1...40, using: &random)
            for format in TextFormat.allCases {
                guard let cut = TextCut(length: length).cut(text, as: format) else {
                    #expect(text.count <= length)
                    continue
                }
                #expect(cut.count <= length, "\(format) \(length) \(text.debugDescription)")
                #expect(text.hasPrefix(cut.prefix { $0 != "…" }), "\(text.debugDescription)")
            }
        }
    }
}

@Suite struct HostileMarkupTests {
    @Test(
        "a text of nothing but openings is cut in reasonable time",
        arguments: ["[", "`a", "<a", "![", "(", "```\n", "\\"])
    func openings(opening: String) {
        let text = String(repeating: opening, count: 20_000)
        let start = ContinuousClock.now
        #expect(TextCut(length: 4_000).cut(text, as: .markdown) != nil)
        #expect(ContinuousClock.now - start < .seconds(5))
    }
}
