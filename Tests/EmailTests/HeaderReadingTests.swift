import Messages
import Testing

@testable import Email

@Suite("Reading headers")
struct HeaderReadingTests {
    @Test(
        "subjects decode, the broken ones as well as can be",
        arguments: [
            ("=?UTF-8?B?5L2g?= =?UTF-8?B?5aW9?=", "你好"),
            ("=?iso-8859-1?Q?d=E9j=E0_vu?=", "déjà vu"),
            ("=?utf-8?B?5L2g5aW?=\r\n =?utf-8?B?9?=", "你好"),
            ("=?gb2312?B?1uzpRrv5?=", "朱镕基"),
            ("=?iso-8859-1?Q?=93quoted=94?=", "“quoted”"),
            ("plain and =?UTF-8?Q?caf=C3=A9?= mixed", "plain and café mixed"),
            ("=?utf-8?q?unfinished", "=?utf-8?q?unfinished"),
            ("Rohes UTF-8: Grüße", "Rohes UTF-8: Grüße"),
            ("folded\r\n over\r\n\tlines", "folded over\tlines"),
        ])
    func subjects(raw: String, expected: String) throws {
        let mail = try MailParser.parse(mail("Subject: \(raw)", "", "text"))
        let subject = mail.subject?.replacing("\t", with: " ")
        #expect(subject == expected.replacing("\t", with: " "))
    }

    @Test("a subject in raw Latin-1 is not lost")
    func rawLatin() throws {
        let mail = try MailParser.parse(Array("Subject: caf".utf8) + [0xE9] + Array("\r\n\r\n".utf8))
        #expect(mail.subject == "café")
    }

    @Test("addresses are found in lists, groups and comments")
    func addresses() throws {
        let parsed = try MailParser.parse(
            mail(
                "From: =?UTF-8?B?5byg5LiJ?= <zhang@EXAMPLE.org>",
                "To: team: \"Ann, A.\" <ann@x.example>, bo@x.example;",
                "Cc: cy@x.example (Cy), not an address", "Reply-To: <desk@x.example>", "", ""))
        #expect(parsed.from == MailAddress(name: "张三", address: "zhang@EXAMPLE.org"))
        #expect(parsed.from?.normalized == "zhang@example.org")
        #expect(parsed.to.map(\.address) == ["ann@x.example", "bo@x.example"])
        #expect(parsed.to.first?.name == "Ann, A.")
        #expect(parsed.cc.first?.address == "cy@x.example")
        #expect(parsed.replyTo?.address == "desk@x.example")
    }

    @Test("ids lose their brackets and their folding")
    func identifiers() throws {
        let parsed = try MailParser.parse(
            mail(
                "Message-ID:  <c@x.example> ", "In-Reply-To: <b@x.example>", "References: <a@x.example>",
                "\t<b@x.example>", "", ""))
        #expect(parsed.messageID == "c@x.example")
        #expect(parsed.inReplyTo == ["b@x.example"])
        #expect(parsed.references == ["a@x.example", "b@x.example"])
    }

    @Test(
        "dates of every kind are read",
        arguments: [
            ("Tue, 02 Jan 2024 15:04:05 +0000", 1_704_207_845), ("2 Jan 2024 16:04:05 +0100 (CET)", 1_704_207_845),
            ("Tue, 02 Jan 2024 10:04:05 EST", 1_704_207_845), ("Fri, 11 Jul 2003 21:00:37 -0700 (PDT)", 1_057_982_437),
        ])
    func dates(text: String, seconds: Int64) throws {
        let parsed = try MailParser.parse(mail("Date: \(text)", "", ""))
        #expect(parsed.date == Timestamp(seconds: seconds))
    }

    @Test("a header that is too large or has too many fields is refused")
    func limits() {
        let wide = Array("X-A: \(String(repeating: "a", count: 300_000))\r\n\r\n".utf8)
        #expect(throws: MailError.headerTooLarge(limit: 262_144)) { try MailParser.parse(wide) }
        let long = Array(String(repeating: "a: b\r\n", count: 1_001).utf8)
        #expect(throws: MailError.tooManyFields(limit: 1_000)) { try MailParser.parse(long) }
        #expect(throws: MailError.empty) { try MailParser.parse([]) }
    }

    @Test("a line that is no field begins the body, and the mark of an mbox file does not")
    func brokenHeaders() throws {
        let headless = try MailParser.parse(mail("Subject: a", "this is no field", "", "more"))
        #expect(texts(headless) == ["plain: this is no field\n\nmore"])
        let mbox = try MailParser.parse(mail("From ann@x.example Tue Jan  2 15:04:05 2024", "Subject: b", "", "text"))
        #expect(mbox.subject == "b")
        #expect(texts(mbox) == ["plain: text"])
    }

    @Test(
        "mail of machines is told from mail of people",
        arguments: [
            ("Auto-Submitted: auto-replied", true), ("Auto-Submitted: no", false),
            ("auto-submitted: auto-generated; x", true),
            ("Precedence: bulk", true), ("Precedence: first-class", false), ("List-Id: <l.example>", true),
            ("List-Unsubscribe: <https://x.example>", true), ("X-Auto-Response-Suppress: DR, OOF", true),
            ("X-Auto-Response-Suppress: DR", false), ("Return-Path: <>", true), ("From: no-reply@x.example", true),
            ("From: MAILER-DAEMON@x.example", true), ("From: list-bounces@x.example", true),
            ("From: ann@x.example", false),
            ("X-Autoreply: yes", true), ("From: owner-list@x.example", true),
            ("Content-Type: multipart/report; boundary=b", true),
        ])
    func automaticMail(field: String, expected: Bool) throws {
        #expect(try MailParser.parse(mail(field, "", "x")).isAutomatic == expected)
    }
}
