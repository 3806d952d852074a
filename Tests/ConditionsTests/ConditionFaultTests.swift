import Conditions
import Testing

@Suite struct ConditionFaultTests {
    @Test(
        "what is wrong with a condition is told with its place",
        arguments: [
            (
                "subjcet: a",
                "routes.yaml:1:1: where.subjcet: messages have no field named \"subjcet\"; did you mean \"subject\"?"
            ),
            ("xyzzy: a", "routes.yaml:1:1: where.xyzzy: messages have no field named \"xyzzy\""),
            (
                "meta: {lang: de}",
                "routes.yaml:1:1: where.meta: the field \"meta\" needs a name after it, as in meta.lang"
            ),
            (
                "subject: {regexp: a}",
                "routes.yaml:1:11: where.subject.regexp: there is no operator named \"regexp\"; did you mean \"regex\"?"
            ),
            (
                "subject: /a(b/",
                "routes.yaml:1:14: where.subject: bad regular expression: missing closing parenthesis at character 4 of the pattern"
            ),
            (
                "any:\n  - subject: /é[/i",
                "routes.yaml:2:17: where.any[0].subject: bad regular expression: missing terminating ] for character class at character 3 of the pattern"
            ),
            (
                "subject: '/a(b/'",
                "routes.yaml:1:10: where.subject: bad regular expression: missing closing parenthesis at character 4 of the pattern"
            ),
            (
                "subject: {regex: a(b}",
                "routes.yaml:1:21: where.subject.regex: bad regular expression: missing closing parenthesis at character 4 of the pattern"
            ),
            (
                "subject: /a/iq",
                "routes.yaml:1:10: where.subject: \"iq\" are no flags of a regular expression; known are i, s, m, x and u"
            ),
            (
                "kind: mesage",
                "routes.yaml:1:7: where.kind: kind is one of message, edit, retract, reaction, receipt, typing, event, bounce, never the text \"mesage\"; did you mean \"message\"?"
            ),
            (
                "sender.auto: yes",
                "routes.yaml:1:14: where[\"sender.auto\"]: sender.auto is one of true, false, never the text \"yes\""
            ),
            (
                "priority: '> hihg'",
                "routes.yaml:1:11: where.priority: priority is one of low, normal, high, urgent, never the text \"> hihg\"; did you mean \"high\"?"
            ),
            (
                "subject: {between: [5, 1]}",
                "routes.yaml:1:20: where.subject.between: nothing is between 5 and 1; the lower one comes first"
            ),
            (
                "subject: {between: 5}",
                "routes.yaml:1:20: where.subject.between: between takes a list of two values, got the number 5"
            ),
            (
                "subject: {in: Swift}",
                "routes.yaml:1:15: where.subject.in: in takes a list of values, or {file: path} with one on each line, got the text \"Swift\""
            ),
            (
                "subject: {contians: a}",
                "routes.yaml:1:11: where.subject.contians: there is no operator named \"contians\"; did you mean \"contains\"?"
            ),
            (
                "subject: {contains: {a: b}}",
                "routes.yaml:1:21: where.subject.contains: contains takes a single value, got a mapping"
            ),
            (
                "time: tomorrow",
                "routes.yaml:1:7: where.time: expected a date such as 2026-12-24, a time such as 2026-12-24T18:00 or an hour such as 09:30, got the text \"tomorrow\""
            ),
            (
                "time: {between: ['09:00', 2026-01-01]}",
                "routes.yaml:1:17: where.time.between: between takes two dates or two hours of the day, not one of each"
            ),
            (
                "time: {between: [2026-01-02, 2026-01-01]}",
                "routes.yaml:1:17: where.time.between: nothing is between 2026-01-02 and 2026-01-01; the lower one comes first"
            ),
            (
                "time: {days: mnn}",
                "routes.yaml:1:14: where.time.days: expected days such as mon or mon-fri, got the text \"mnn\"; did you mean \"mon\"?"
            ),
            (
                "time: {zone: Europe/Berlni, days: mon}",
                "routes.yaml:1:14: where.time.zone: this machine knows no time zone named \"Europe/Berlni\"; did you mean \"Europe/Berlin\"?"
            ),
            (
                "time: {zone: UTC}",
                "routes.yaml:1:7: where.time: a zone says whose clocks count; give between, days, gt, gte, lt or lte with it"
            ),
            (
                "time: {betwene: ['09:00', '10:00']}",
                "routes.yaml:1:8: where.time.betwene: there is no operator named \"betwene\"; did you mean \"between\"?"
            ),
            (
                "to: ann",
                "routes.yaml:1:5: where.to: no sender ever has this address: expected \":\" between platform and user, as in mail:ann@example.org"
            ),
            ("kind: '> edit'", "routes.yaml:1:7: where.kind: kind has no order; it is only equal or not"),
            (
                "meta.n: '>= five'",
                "routes.yaml:1:9: where[\"meta.n\"]: expected a number after >=, got the text \">= five\"; write {eq: …} for the text itself"
            ),
            (
                "meta.n: {gt: five}",
                "routes.yaml:1:14: where[\"meta.n\"].gt: expected a number after gt, got the text \"five\"; write {eq: …} for the text itself"
            ),
            (
                "from: ann",
                "routes.yaml:1:7: where.from: no sender ever has this address: expected \":\" between platform and user, as in mail:ann@example.org"
            ),
            (
                "topic: news",
                "routes.yaml:1:8: where.topic: no message ever has this topic: expected \":\" between source and class, as in news:lobsters"
            ),
            (
                "topic: news:a*",
                "routes.yaml:1:8: where.topic: no message ever has this topic: \"*\" must be a whole segment; use `where` to look inside one"
            ),
            (
                "thread:",
                "routes.yaml:1:8: where.thread: expected a value, got nothing; write thread: {exists: false} for a missing field"
            ),
            ("kind: []", "routes.yaml:1:7: where.kind: this list is empty and would never hold; remove it or fill it"),
            ("any: []", "routes.yaml:1:6: where.any: this group is empty and would never hold; remove it or fill it"),
            ("{}", "routes.yaml:1:1: where: this condition is empty and would never hold; remove it or fill it"),
            ("[a]", "routes.yaml:1:1: where: expected a mapping of fields to values, got a list"),
            ("not: 5", "routes.yaml:1:6: where.not: expected a mapping of fields to values, got the number 5"),
            (
                "subject: {exists: maybe}",
                "routes.yaml:1:19: where.subject.exists: exists takes true or false, got the text \"maybe\""
            ),
            (
                "subject: {in: a}",
                "routes.yaml:1:15: where.subject.in: in takes a list of values, or {file: path} with one on each line, "
                    + "got the text \"a\""
            ),
            ("subject: {eq: [a]}", "routes.yaml:1:15: where.subject.eq: eq takes a single value, got a list"),
        ])
    func told(text: String, fault: String) {
        let (condition, faults) = compile(text)
        #expect(condition == nil)
        #expect(faults == [fault])
    }

    @Test("all faults are reported, not the first")
    func all() {
        let (_, faults) = compile(
            "subjcet: a\nkind: [message, edt]\nany:\n  - {text: /(/}\n  - {meta.n: {gte: x, foo: 1}}\nnot: {priority: hi}\n"
        )
        #expect(faults.count == 6)
        #expect(
            faults.map { $0.prefix(15) } == [
                "routes.yaml:1:1", "routes.yaml:2:1", "routes.yaml:4:1", "routes.yaml:5:2", "routes.yaml:5:2",
                "routes.yaml:6:1",
            ])
    }

    @Test("a pattern that is too long is refused")
    func longPattern() {
        let (_, faults) = compile("subject: /\(String(repeating: "a", count: 5_000))/")
        #expect(
            faults == [
                "routes.yaml:1:11: where.subject: bad regular expression: the pattern is longer than 4096 bytes at character 1 of the pattern"
            ])
    }
}
