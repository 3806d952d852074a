import Messages
import Testing

@testable import Stages

@Suite struct MailboxLimitTests {
    @Test(
        "a stage is left out for the mailboxes that it is not for",
        arguments: [
            ("only: work", "work:c", true), ("only: work", "mail:ann@example.org", false),
            ("only: [mail, work]", "work:c", true), ("only: slack", "play:c", true), ("only: slack", "mail:a", false),
            ("only: {to: slack}", "work:c", true), ("only: {from: news}", "mail:a", true),
            ("only: {from: feed, to: mail}", "mail:a", true), ("only: {from: feed, to: mail}", "work:c", false),
            ("only: {from: mail}", "mail:a", false), ("except: work", "work:c", false),
            ("except: work", "play:c", true), ("except: {from: feed}", "work:c", false),
            ("only: slack, except: play", "play:c", false), ("only: slack, except: play", "work:c", true),
            ("only: work", "other!work:c", false), ("except: work", "other!work:c", true),
        ])
    func limits(keys: String, recipient: String, runs: Bool) throws {
        let passed = try pass("{truncate: 4, \(keys)}", sample(), recipient: recipient)
        #expect(passed.text == (runs ? "Out…" : "Out now"))
    }

    @Test("the trace says why a stage was left out")
    func trace() throws {
        #expect(
            try notes("{only: [slack, mail], truncate: 4}", sample(), recipient: "local:ann")
                == ["left out: it goes to local:ann, and the stage is only for slack, mail"])
        #expect(
            try notes("{truncate: 4, except: {from: feed}}", sample(), recipient: "work:c")
                == ["left out: it came in by news, and the stage is not for feed"])
    }

    @Test("where nobody knows the recipient, the stage runs")
    func unknownRecipient() throws {
        #expect(try pass("{truncate: 4, only: work}", sample()).text == "Out…")
    }

    @Test(
        "limits that make no sense are reported",
        arguments: [
            (
                "{truncate: 4, only: wrok}",
                "2:26: via.only: no mailbox is named \"wrok\", and none has an adapter of that name; did you mean \"work\"?"
            ),
            (
                "{truncate: 4, except: {form: work}}",
                "2:29: via.except.form: no key named \"form\" is known here; did you mean \"from\"?"
            ),
            (
                "{only: work}",
                "2:6: via: expected a stage such as {truncate: 280} or the name of a list, got a mapping with 1 keys; each stage is an element of its own"
            ),
            (
                "{truncate: 4, onyl: work}",
                "2:6: via: expected a stage such as {truncate: 280} or the name of a list, got a mapping with 2 keys; each stage is an element of its own"
            ),
        ])
    func faults(via: String, expected: String) {
        #expect(read(via: via).diagnostics == ["routes.yaml:\(expected)"])
    }
}
