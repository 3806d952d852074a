import Messages
import Testing

@testable import Email

@Suite("Mails as envelopes")
struct MailEnvelopeTests {
    private func envelope(_ bytes: [UInt8], _ given: MailFacts = facts()) throws -> MailEnvelope {
        try MailEnvelope(parsing: bytes, facts: given, id: someID)
    }

    @Test("the fields of a mail become the fields of an envelope")
    func fields() throws {
        let result = try envelope(
            mail(
                "From: Ann <ann@Client.example>", "To: support@hq.example, Bo <bo@x.example>", "Subject: Hello",
                "Date: Tue, 02 Jan 2024 15:00:00 +0000", "Message-ID: <m1@client.example>", "Importance: high",
                "X-Two: a",
                "X-Two: b", "Content-Language: de", "", "text", ""))
        let message = result.envelope
        #expect(message.from.description == "mail:ann@client.example")
        #expect(message.topic.description == "mail:support")
        #expect(message.time.description == "2024-01-02T15:00:00.000Z")
        #expect(message.subject == "Hello" && message.text == "text" && message.kind == .message)
        #expect(message.sender == Sender(name: "Ann"))
        #expect(message.thread == "m1@client.example" && message.inReplyTo == nil)
        #expect(message.priority == .high)
        #expect(message.headers["x-two"] == "a\nb" && message.headers["subject"] == "Hello")
        #expect(message.meta["message_id"]?.string == "m1@client.example")
        #expect(message.meta["return_path"]?.string == "ann@client.example")
        #expect(message.meta["to"]?.array?.count == 2 && message.meta["language"]?.string == "de")
        #expect(result.eventKey == "m1@client.example support")
        #expect(result.blobs.isEmpty && !message.isAutomatic)
    }

    @Test(
        "an answer names its parent and the root of its thread",
        arguments: [
            ("In-Reply-To: <b@x>\r\nReferences: <a@x> <b@x>", "b@x", "a@x"), ("In-Reply-To: <b@x>", "b@x", "b@x"),
            ("References: <a@x> <b@x>", "b@x", "a@x"),
        ])
    func threads(fields: String, parent: String, thread: String) throws {
        let message = try envelope(mail("Message-ID: <c@x>", fields, "", "")).envelope
        #expect(message.inReplyTo == parent && message.thread == thread)
    }

    @Test("the date is held within what can be")
    func dates() throws {
        let now = facts().receivedAt
        #expect(try envelope(mail("Date: Tue, 02 Jan 2035 15:00:00 +0000", "", "")).envelope.time == now)
        #expect(try envelope(mail("Date: nonsense", "", "")).envelope.time == now)
        #expect(
            try envelope(mail("Date: Thu, 02 Jan 1969 15:00:00 +0000", "", "")).envelope.time == Timestamp(seconds: 0))
    }

    @Test("without an id what the mail says is the key, and the same mail has the same key")
    func missingID() throws {
        let first = try envelope(mail("Received: by one", "From: a@x.example", "Subject: s", "", "text"))
        let second = try envelope(mail("Received: by two", "From: a@x.example", "Subject: s", "", "text"))
        let other = try envelope(mail("From: a@x.example", "Subject: s", "", "another"))
        #expect(first.eventKey.hasPrefix("sha256:") && first.eventKey == second.eventKey)
        #expect(first.eventKey != other.eventKey && first.fingerprint != other.fingerprint)
    }

    @Test("the null sender is a daemon, and gets no answer")
    func nullSender() throws {
        let given = facts(returnPath: nil, hasNullSender: true)
        let message = try envelope(mail("Subject: s", "", ""), given).envelope
        #expect(message.from.description == "mail:mailer-daemon@mx.client.example")
        #expect(message.isAutomatic && message.meta["return_path"]?.string == "")
        let named = try envelope(mail("From: MAILER-DAEMON@mx.example", "", ""), given).envelope
        #expect(named.from.user == "MAILER-DAEMON@mx.example" && named.isAutomatic)
    }

    @Test("large files and texts are put aside under their digest")
    func largeParts() throws {
        let body = String(repeating: "0123456789 ä\r\n", count: 6_000)
        let result = try envelope(
            mail(
                "Content-Type: multipart/mixed; boundary=b", "", "--b", "Content-Type: text/plain; charset=utf-8", "",
                body, "--b",
                "Content-Type: image/png", "", body, "--b", "Content-Type: image/gif", "", "small", "--b--"))
        #expect(result.blobs.count == 2 && result.blobs[1] == Array(body.utf8))
        #expect(result.envelope.parts.map(\.type) == [.text, .file, .image, .image])
        #expect(result.envelope.text.utf8.count <= BlobReference.inlineLimit && result.envelope.text.hasSuffix("…"))
        #expect(result.envelope.parts[1].name == "message.txt")
        guard case .blob(let reference) = result.envelope.parts[2].content else {
            Issue.record("expected a claim check")
            return
        }
        #expect(reference.size == body.utf8.count)
        #expect(result.envelope.parts[3].content == .bytes(Array("small".utf8)))
    }

    @Test("answers go where the mail wants them")
    func replyTo() throws {
        let message = try envelope(mail("From: a@x.example", "Reply-To: <list@X.example>", "", "")).envelope
        #expect(message.replyTo?.description == "mail:list@x.example")
        #expect(try envelope(mail("From: a@x.example", "Reply-To: a@x.example", "", "")).envelope.replyTo == nil)
    }

    @Test("an envelope of a mail survives its way through JSON")
    func json() throws {
        let message = try envelope(
            mail("From: =?utf-8?q?=C3=84nn?= <a@x.example>", "Subject: \u{1}odd", "Content-Type: image/png", "", "x")
        ).envelope
        #expect(try Envelope(parsing: message.encoded()) == message)
    }
}

@Suite("Reports")
struct MailReportTests {
    private let bounce = mail(
        "From: MAILER-DAEMON@mx.example", "Content-Type: multipart/report; report-type=delivery-status; boundary=b", "",
        "--b",
        "", "It failed.", "--b", "Content-Type: message/delivery-status", "", "Reporting-MTA: dns; mx.example", "",
        "Final-Recipient: rfc822; ann@x.example", "Action: Failed", "Status: 5.1.1 (unknown)",
        "Diagnostic-Code: smtp; 550 5.1.1 no such", " user", "", "Final-Recipient: rfc822;bo@x.example",
        "Action: delayed",
        "Status: 4.4.1", "", "--b", "Content-Type: text/rfc822-headers", "", "Message-ID: <postroad.k1@hq.example>",
        "--b--")

    @Test("a delivery report is an event that names what failed, and answers the mail that failed")
    func deliveryReport() throws {
        let message = try MailEnvelope(parsing: bounce, facts: facts(returnPath: nil, hasNullSender: true), id: someID)
            .envelope
        #expect(message.kind == .event && message.isAutomatic)
        #expect(message.inReplyTo == "postroad.k1@hq.example")
        let report = message.meta["dsn"]
        #expect(report?["final_recipient"]?.string == "ann@x.example")
        #expect(report?["action"]?.string == "failed" && report?["status"]?.string == "5.1.1")
        #expect(report?["diagnostic"]?.string == "550 5.1.1 no such user")
        #expect(report?["recipients"]?.array?.count == 2)
        #expect(message.text == "It failed.")
    }

    @Test("other reports are events, too")
    func otherReports() throws {
        let parsed = try MailParser.parse(
            mail(
                "Content-Type: multipart/report; report-type=disposition-notification; boundary=b", "", "--b", "",
                "read", "--b--"))
        #expect(parsed.report?.type == "disposition-notification" && parsed.isAutomatic)
    }

    @Test("a report of nonsense is still a mail")
    func nonsense() throws {
        let parsed = try MailParser.parse(
            mail(
                "Content-Type: multipart/report; boundary=b", "", "--b", "Content-Type: message/delivery-status", "",
                "no field", "", "", "\u{1}: x", "--b--"))
        #expect(parsed.report?.recipients.isEmpty == true && parsed.report?.type == "unknown")
    }
}

@Suite("Mails from files")
struct MailFileTests {
    @Test("a mail in a file is shown as if it had come to whom it names")
    func file() throws {
        let bytes = Array("Return-Path: <>\nTo: \"S\" <Sales+1@HQ.example>\nFrom: a@x.example\n\ntext\n".utf8)
        let message = try MailEnvelope(file: bytes, mailbox: "mail", now: Timestamp(seconds: 9), id: someID).envelope
        #expect(message.topic.description == "mail:sales" && message.text == "text" && message.isAutomatic)
        let bare = try MailEnvelope(file: Array("hello".utf8), mailbox: "mail", now: Timestamp(seconds: 9), id: someID)
        #expect(bare.envelope.topic.description == "mail:mail" && bare.envelope.text == "hello")
        #expect(bare.envelope.from.description == "mail:mailer-daemon@localhost")
    }
}
