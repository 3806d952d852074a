import Messages
import TestSupport
import Testing

@testable import Stages

@Suite struct WordListTests {
    private func found(_ words: [String], _ text: String, _ options: WordList.Options = .init()) -> [String] {
        let bytes = Array(text.utf8)
        return WordList(words, options: options).matches(in: text).map { match in
            String(decoding: bytes[match.range], as: UTF8.self)
        }
    }

    @Test(
        "case, width and invisible characters make no difference",
        arguments: [
            ("bad", "BAD Bad bad", ["BAD", "Bad", "bad"]), ("bad", "ｂａｄ ＢＡＤ", ["ｂａｄ", "ＢＡＤ"]),
            ("ÄRGER", "ärger", ["ärger"]), ("слово", "СЛОВО", ["СЛОВО"]), ("ｂａｄ", "bad", ["bad"]),
            ("カタカナ", "ｶﾀｶﾅ", ["ｶﾀｶﾅ"]), ("bad", "b\u{200B}a\u{AD}d", ["b\u{200B}a\u{AD}d"]),
            ("bad", "b\u{336}a\u{336}d", ["b\u{336}a\u{336}d"]), ("敏感词", "这是敏感词。", ["敏感词"]),
            ("😀😀", "a😀😀b", ["😀😀"]), ("x", "", []),
        ])
    func folding(word: String, text: String, expected: [String]) {
        #expect(found([word], text) == expected)
    }

    @Test(
        "in scripts with spaces words stand by themselves, in others they are found anywhere",
        arguments: [
            ("ass", "class assets pass", []), ("ass", "an ass, an (ass)", ["ass", "ass"]), ("ass", "ass1", []),
            ("感词", "敏感词汇", ["感词"]), ("ありがとう", "どうもありがとうね", ["ありがとう"]), ("bad", "很bad吗", ["bad"]),
            ("c++", "c++17 c++ ", ["c++", "c++"]), ("나쁜", "나쁜말", ["나쁜"]), ("ass", "ássass", []),
        ])
    func wholeWords(word: String, text: String, expected: [String]) {
        #expect(found([word], text) == expected)
    }

    @Test("words are found within others when that is asked for")
    func parts() {
        #expect(found(["ass"], "class", .init(matchesWholeWords: false)) == ["ass"])
    }

    @Test(
        "spaces and signs between letters do not count",
        arguments: [
            ("bad", "b a d", ["b a d"]), ("bad", "b.a-d!", ["b.a-d"]), ("bad", "b * a", []),
            ("敏感词", "敏 感\n词", ["敏 感\n词"]),
            ("敏感词", "敏****感词", []), ("darkness", "dark ness", []), ("rapist", "the rapist", ["rapist"]),
            ("therapist", "the rapist", []), ("buy now", "Buy  now", ["Buy  now"]), ("buy now", "buynow", ["buynow"]),
            ("buy now", "b u y n o w", ["b u y n o w"]), ("buy now", "bu ynow", []),
            ("t.me/x", "see t.me/x", ["t.me/x"]),
            ("t.me/x", "tmex", []), ("shit", "is hit", []), ("shit", "push it", []),
        ])
    func separators(word: String, text: String, expected: [String]) {
        #expect(found([word], text) == expected)
        if expected == [text], !expected.isEmpty, text.contains(" "), !word.contains(" ") {
            #expect(found([word], text, .init(ignoresSeparators: false)) == [])
        }
    }

    @Test("of words that end at one place the longest that fits is found, and each place counts")
    func overlapping() {
        #expect(found(["he", "she", "hers", "his"], "ushers", .init(matchesWholeWords: false)) == ["she", "hers"])
        #expect(found(["敏感", "敏感词", "词"], "敏感词") == ["敏感", "敏感词"])
        #expect(found(["a b", "b"], "xa b") == ["b"])
    }

    @Test("a table makes characters alike, in words and in texts")
    func table() {
        let list = WordList(["敏感詞", "发财"], folding: WordFolding(table: ["詞": "词", "發": "发", "財": "财"]))
        #expect(list.matches(in: "敏感词 發財 发財").count == 3)
        #expect(WordList(["发财"]).matches(in: "發財").isEmpty)
    }

    @Test("what is found is what a search without an automaton finds", arguments: 0..<20)
    func naive(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        let alphabet = ["a", "b", "ab", "A", "Ｂ", "词", "感", " ", ".", "é", "\u{200B}", "😀"]
        func text(_ lengths: ClosedRange<Int>) -> String {
            (0..<Int.random(in: lengths, using: &random)).map { _ in alphabet.randomElement(using: &random) ?? "" }
                .joined()
        }
        let options = WordList.Options(matchesWholeWords: false, ignoresSeparators: false)
        let folding = WordFolding()
        func plain(_ text: String) -> [Unicode.Scalar] {
            text.unicodeScalars.filter { !WordScalar.isInvisible($0) }.map(folding.fold)
        }
        for _ in 0..<50 {
            let words = (0..<Int.random(in: 1...8, using: &random)).map { _ in text(1...4) }.filter {
                !plain($0).isEmpty
            }
            let sample = text(0...40)
            let list = WordList(words, options: options)
            let ends = list.matches(in: sample).map { plain(String(sample.prefix(utf8: $0.range.upperBound))).count }
            let haystack = plain(sample)
            let expected = (0...haystack.count).filter { end in
                words.contains { word in haystack[..<end].reversed().starts(with: plain(word).reversed()) }
            }
            // A gap of more than three invisible characters ends a word.
            guard !sample.contains("\u{200B}\u{200B}\u{200B}\u{200B}") else { continue }
            #expect(ends == expected, "\(words) in \(sample.debugDescription)")
        }
    }

    @Test("a list of many words is searched in one pass")
    func many() {
        let words = (0..<5_000).map { "w\(String($0 * 7_919 % 100_003, radix: 36))x" }
        let list = WordList(words)
        for word in words.prefix(200) {
            #expect(list.matches(in: "- \(word) -").map(\.word) == [words.firstIndex(of: word)])
        }
        #expect(list.matches(in: "wx w00x none").isEmpty)
    }
}

@Suite struct WordsStageTests {
    @Test("subject and every text are masked, a sign for each character that a reader counts")
    func masks() throws {
        let envelope = try sample(subject: "BAD", text: "so bad") { envelope in
            envelope.parts.append(Part(type: .image, content: .bytes([1])))
            envelope.parts.append(.text("**bad** [x](https://bad.example)", format: .markdown))
        }
        let masked = try pass("{words: {list: bad, mask: █}}", envelope)
        #expect(masked.subject == "███")
        #expect(masked.parts[0] == .text("so ███"))
        #expect(masked.parts[2] == .text("**███** [x](https://███.example)", format: .markdown))
        #expect(try pass("{words: {list: bad, mask: ''}}", envelope).parts[0] == .text("so "))
        #expect(try pass("{words: {list: badd}}", envelope) == envelope)
    }

    @Test("the trace names the words, and shows nothing of the text")
    func trace() throws {
        let envelope = try sample(subject: "secret bad plans", text: "bad worse bad")
        let expected = ["masked 4 words: \"bad\", \"worse\"", "subject: ***", "text: ***"]
        #expect(try notes("{words: {list: [bad, worse]}}", envelope).sorted() == expected.sorted())
    }

    @Test("the message can be dropped, held or marked")
    func actions() throws {
        let envelope = try sample(text: "bad")
        #expect(
            try end("{words: {list: bad, action: drop}}", envelope) == .dropped(stage: "words", reason: "found \"bad\"")
        )
        #expect(
            try end("{words: {list: bad, action: hold}}", envelope)
                == .held(stage: "words", reason: "found \"bad\"", until: nil, next: 1))
        let flagged = try pass("{words: {list: [bad, other], action: flag}}", envelope)
        #expect(flagged.meta == ["words": ["bad"]])
        #expect(flagged.text == "bad")
    }

    @Test("a word that HTML hides is found as it is read")
    func html() throws {
        let hidden = try sample(text: "<p>so b&#97;d and b<b>a</b>d</p>", format: .html)
        #expect(try end("{words: {list: bad, action: drop}}", hidden) != .passed)
        let masked = try pass("{words: {list: bad}}", hidden)
        #expect(!masked.text.contains("b&#97;d") && masked.text.contains("so"))
        let open = try pass("{words: {list: bad}}", sample(text: "<p>so bad</p>", format: .html))
        #expect(open.parts == [.text("<p>so ***</p>", format: .html)])
    }

    @Test("words and tables come from files too")
    func files() throws {
        let files = [
            "words.txt": "\u{FEFF}# list\nbad\r\n\n 敏感詞 \n", "table.txt": "詞\t词\n繁體\t繁体\n發\t发 發\n",
        ]
        let via = "{words: {list: worse, file: words.txt, table: table.txt}}"
        #expect(try pass(via, sample(text: "bad, worse: 敏感词 敏感詞"), files: files).text == "***, *****: *** ***")
    }

    @Test(
        "settings that make no sense are reported",
        arguments: [
            ("{words: {}}", "2:14: via.words: expected list or file in it"),
            ("{words: {list: [a, \" \"]}}", "2:25: via.words.list[1]: a word has a character that can be seen"),
            (
                "{words: {list: a, action: masks}}",
                "2:32: via.words.action: expected mask, drop, hold or flag, got the text \"masks\"; did you mean \"mask\"?"
            ),
            ("{words: {file: gone.txt}}", "2:21: via.words.file: gone.txt: there is no such file"),
            (
                "{words: {file: long.txt}}",
                "2:21: via.words.file: line 2 of long.txt: a word has at most 100 characters"
            ),
            ("{words: {list: a, table: long.txt}}", "2:31: via.words.table: long.txt has no line with two characters"),
        ])
    func faults(via: String, expected: String) {
        let files = ["long.txt": "a\n" + String(repeating: "x", count: 101)]
        #expect(read(via: via, files: files).diagnostics == ["routes.yaml:\(expected)"])
    }
}

extension String {
    /// The first bytes as a text.
    fileprivate func prefix(utf8 count: Int) -> Substring {
        self[..<utf8.index(startIndex, offsetBy: count)]
    }
}
