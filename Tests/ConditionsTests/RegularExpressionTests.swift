import Conditions
import Messages
import Testing

@Suite struct RegularExpressionTests {
    @Test(
        "letters, digits and case are Unicode's",
        arguments: [
            ("^\\w+$", "Grüße", []), ("ÜBER", "über", .ignoresCase), ("^.$", "日", []), ("^\\d$", "٣", []),
            ("\\bслово\\b", "это слово тут", []), ("^🦜$", "🦜", []), ("straße", "STRAßE", .ignoresCase),
            ("\\p{Han}{2}", "中文", []),
        ] as [(String, String, RegularExpression.Options)])
    func unicode(pattern: String, text: String, options: RegularExpression.Options) throws {
        #expect(try RegularExpression(pattern, options: options).match(text) == .matches)
    }

    @Test("lookarounds, groups and back references work")
    func syntax() throws {
        #expect(try RegularExpression("(?<=a)b(?!c)").match("ab") == .matches)
        #expect(try RegularExpression("(\\w)\\1").match("book") == .matches)
        #expect(try RegularExpression("(?i)SWIFT").match("swift") == .matches)
        #expect(try RegularExpression("").match("") == .matches)
        #expect(try RegularExpression("a{3}").match("aa") == .differs)
    }

    @Test("a NUL in pattern or text is a character like others")
    func nul() throws {
        #expect(try RegularExpression("a\\x00b").match("a\u{0}b") == .matches)
        #expect(try RegularExpression("a\u{0}b").match("a\u{0}b") == .matches)
        #expect(try RegularExpression("c").match("a\u{0}c") == .matches)
    }

    @Test(
        "a bad pattern is told with its offset",
        arguments: [
            ("a(b", 3), ("é(b", 3), ("[z-a]", 3), ("*a", 0), ("a**+", 2), ("(?<n>a)(?<n>b)", 12), ("\\", 1),
            ("(?&x)", 3), ("\\C", 2),
        ])
    func badPatterns(pattern: String, offset: Int) {
        do {
            _ = try RegularExpression(pattern)
            Issue.record("\(pattern) was taken")
        } catch {
            #expect(error.offset == offset, "\(error)")
            #expect(!error.reason.isEmpty)
        }
    }

    @Test(
        "a pattern that explodes is given up in good time",
        arguments: [
            ("^(a+)+$", String(repeating: "a", count: 40) + "!"),
            ("(a|aa)+$", String(repeating: "a", count: 5_000) + "!"),
            ("(.*)*x$", String(repeating: "a", count: 30_000)), ("a*a*a*a*b", String(repeating: "a", count: 20_000)),
            ("(x+x+)+y", String(repeating: "x", count: 1_000)),
            ("^(\\w+\\s?)*$", String(repeating: "word ", count: 100) + "!"),
            ("(?:a?){30}a{30}", String(repeating: "a", count: 29)),
            ("(a(?1)?b?)*c", String(repeating: "a", count: 3_000)),
            (".*.*.*=", String(repeating: "a=b ", count: 10) + String(repeating: "z", count: 100_000) + "\n"),
            ("(\\w+\\W+)*?\\1{5}z", String(repeating: "ab ", count: 2_000)),
        ])
    func catastrophes(pattern: String, text: String) throws {
        let expression = try RegularExpression(pattern)
        let clock = ContinuousClock()
        var outcome = MatchOutcome.matches
        let time = clock.measure { outcome = expression.match(text) }
        #expect(time < .seconds(3), "\(pattern): \(outcome) after \(time)")
    }

    @Test("the limit is really reached, and the bound is over the whole text")
    func limit() throws {
        #expect(try RegularExpression("^(a+)+$").match(String(repeating: "a", count: 40) + "!") == .limitExceeded)
        // Each stretch alone stays below the limit; 1,000 of them do not.
        let stretch = String(repeating: "a", count: 60) + "x"
        let expression = try RegularExpression("a*a*a*[bc]")
        #expect(expression.match(stretch) == .differs)
        #expect(expression.match(String(repeating: stretch, count: 1_000)) == .limitExceeded)
    }

    @Test("a list of many hostile values costs no more than one")
    func manyValues() throws {
        let hostile = try message {
            $0.meta["labels"] = .array(
                Array(repeating: .string(String(repeating: "a", count: 24) + "!"), count: 20_000))
        }
        let condition = try condition("meta.labels: /^(a+)+$/")
        let time = ContinuousClock().measure { #expect(condition.outcome(for: hostile) == .limitExceeded) }
        #expect(time < .seconds(5))
    }

    @Test("sane patterns find their way through long texts")
    func longTexts() throws {
        let text = String(repeating: "The quick brown fox jumps over the lazy dog. ", count: 25_000) + "Swift!"
        for pattern in ["swift", "\\bswift\\b", "(rust|go|swift)!", "s\\w+t!$", "[w-z]+ift"] {
            #expect(try RegularExpression(pattern, options: .ignoresCase).match(text) == .matches, "\(pattern)")
        }
        #expect(try RegularExpression("Swift").match(text) == .matches)
        #expect(try RegularExpression("^The.*Swift!$").match(text) == .matches)
    }

    @Test("what was given up holds neither way, unless another part decides")
    func threeValued() throws {
        let hostile = try message { $0.subject = String(repeating: "a", count: 40) + "!" }
        let given = { (text: String) in try condition(text).outcome(for: hostile) }
        #expect(try given("subject: /^(a+)+$/") == .limitExceeded)
        #expect(try given("subject: {not: /^(a+)+$/}") == .limitExceeded)
        #expect(try given("not: {subject: /^(a+)+$/}") == .limitExceeded)
        #expect(try given("any: [{subject: /^(a+)+$/}, {kind: message}]") == .matches)
        #expect(try given("any: [{subject: /^(a+)+$/}, {kind: edit}]") == .limitExceeded)
        #expect(try given("{subject: /^(a+)+$/, kind: edit}") == .differs)
        #expect(try condition("not: {subject: /^(a+)+$/}").matches(hostile) == false)
        let verdict = try condition("subject: /^(a+)+$/").evaluate(hostile)
        #expect(verdict.exceededLimit)
        #expect(verdict.reason.hasSuffix("was too much work for /^(a+)+$/, given up"))
    }

    @Test("one expression is matched by many threads at once")
    func threads() async throws {
        let expression = try RegularExpression("(\\w+)@example\\.org")
        let matches = await withTaskGroup(of: Int.self) { group in
            for task in 0..<8 {
                group.addTask {
                    (0..<500).count {
                        expression.match("from user\($0 * task)@example.\($0 % 2 == 0 ? "org" : "net")") == .matches
                    }
                }
            }
            return await group.reduce(0, +)
        }
        #expect(matches == 8 * 250)
    }
}

@Suite struct GlobTests {
    @Test(
        "a glob must fit the whole text",
        arguments: [
            ("*", "", true), ("?*", "", false), ("a*c", "abc", true), ("a*c", "abcd", false), ("a?c", "abc", true),
            ("a?c", "ac", false),
            ("*.rs*", "x.rs.rs", true), ("**a**", "bab", true), ("\\**", "*x", true), ("\\**", "x", false),
            ("a\\?*", "a?b", true),
            ("é?", "é日", true), ("*b*b*", "abcb", true), ("*b*b*", "abc", false), ("a*\\", "ab\\", true),
            ("*\n*", "a\nb", true),
            ("*ab*ab", "ab", false), ("*ab*ab", "abab", true), ("?", "👩‍👩‍👧", true), ("(a|b)[c]*", "(a|b)[c]", true),
            ("*.+$^", "x.+$^", true),
            ("a*a", "a", false), ("*a?c*", "aac", true), ("*a?c*", "aaabc", true), ("#*-", "# -", true),
            ("*\u{0}*", "\u{0}", true),
        ])
    func fits(glob: String, text: String, expected: Bool) throws {
        let quoted = JSON.string(glob).description
        #expect(try condition("subject: {glob: \(quoted)}").matches(message { $0.subject = text }) == expected)
    }

    @Test("many stars on a hostile text are bounded")
    func hostile() throws {
        let condition = try condition("subject: '\(String(repeating: "a*", count: 50))b'")
        let text = try message { $0.subject = String(repeating: "a", count: 20_000) }
        let time = ContinuousClock().measure { #expect(!condition.matches(text)) }
        #expect(time < .seconds(3))
    }
}
