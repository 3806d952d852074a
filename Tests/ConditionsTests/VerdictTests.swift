import Conditions
import Messages
import Testing

@Suite struct VerdictTests {
    @Test(
        "a verdict says why",
        arguments: [
            ("subject: /swift/i", "subject \"Swift 6.3\" matches /swift/i"),
            ("subject: /rust/", "subject \"Swift 6.3\" does not match /rust/"), ("meta.x: de", "meta.x is missing"),
            ("meta.lang: en", "meta.lang \"de\" is not \"en\""), ("meta.score: '>= 5'", "meta.score 5 is >= 5"),
            ("meta.score: {gt: 5.5}", "meta.score 5 is not > 5.5"),
            ("subject: S*", "subject \"Swift 6.3\" fits \"S*\""),
            ("kind: [edit, event]", "kind \"message\" is none of \"edit\" or \"event\""),
            ("meta.labels: bug", "meta.labels \"bug\", \"help wanted\" is \"bug\""),
            ("priority: '>= high'", "priority \"normal\" is not >= high"),
            ("subject: {exists: false}", "subject \"Swift 6.3\" is present"),
            ("meta.draft: false", "meta.draft false is \"false\""), ("~", "there is no condition"),
            ("subject: {not: /swift/i}", "subject \"Swift 6.3\" matches /swift/i"),
            ("topic: 'x:**'", "topic \"news:lobsters/front\" does not fit \"x:**\""),
        ])
    func reasons(text: String, reason: String) throws {
        #expect(try condition(text).evaluate(message()).reason == reason)
    }

    @Test("the tree shows every part, the summary what decided")
    func tree() throws {
        let verdict = try condition(
            "{kind: message, meta.lang: en, any: [{subject: Rust*}, {subject: S*}], not: {thread: t1}}"
        ).evaluate(message())
        #expect(
            verdict.description == """
                no: all of
                  yes: kind "message" is "message"
                  no: meta.lang "de" is not "en"
                  yes: any of
                    no: subject "Swift 6.3" does not fit "Rust*"
                    yes: subject "Swift 6.3" fits "S*"
                  no: not
                    yes: thread "t1" is "t1"
                """)
        #expect(verdict.summary == "meta.lang \"de\" is not \"en\"; thread \"t1\" is \"t1\"")
    }

    @Test("a long or hostile value is shown short and harmless")
    func shown() throws {
        let hostile = try message { $0.subject = "\u{1B}[2J" + String(repeating: "x", count: 10_000) }
        let reason = try condition("subject: a").evaluate(hostile).reason
        #expect(reason.hasPrefix("subject \"\\u{1B}[2Jxxx"))
        #expect(reason.count < 120)
    }
}
