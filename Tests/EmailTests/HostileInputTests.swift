import Messages
import TestSupport
import Testing

@testable import Email

@Suite("Hostile input")
struct HostileInputTests {
    private static let pieces = [
        "Content-Type: multipart/mixed; boundary=a\r\n", "Content-Type: multipart/alternative; boundary=\"\r\n",
        "Content-Type: multipart/report; report-type=delivery-status; boundary=a\r\n",
        "Content-Type: message/rfc822\r\n",
        "Content-Type: text/html; charset=utf-7\r\n", "Content-Type: text/plain; format=flowed; delsp=yes\r\n",
        "Content-Type: multipart/digest; boundary=a\r\n", "Content-Type: message/delivery-status\r\n", "\r\n",
        "--a\r\n", "--a--\r\n", "--",
        "Content-Transfer-Encoding: base64\r\n", "Content-Transfer-Encoding: x-uuencode\r\n",
        "Content-Transfer-Encoding: quoted-printable\r\n", "begin 644 x\r\n#0V%T\r\n`\r\nend\r\n", "QUJD", "=", "=3",
        "\u{0}", "<p", "&#x110000;",
        "Subject: =?gb2312?B?", "?=", "=?utf-16?Q?=D8=00?=", "From: (((", "<@", ">", "\"", "To: a:b:c;;",
        "Message-ID: <", "Date: Tue, 99",
        "Content-Disposition: attachment; filename*0*=utf-8''%FF; filename*1*=%", "Final-Recipient: ;\r\n", "\n", "\r",
        " ", ";", "é", "Action: x\r\n",
    ]

    @Test("whatever is put together of pieces of mail is read or refused")
    func mails() throws {
        var random = SeededRandom(seed: 7)
        for _ in 0..<1_000 {
            let text = (0..<Int.random(in: 1...25, using: &random)).map { _ in
                Self.pieces.randomElement(using: &random) ?? ""
            }
            var bytes = Array(text.joined().utf8)
            if Bool.random(using: &random), !bytes.isEmpty {
                bytes[Int.random(in: 0..<bytes.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
            }
            let read = try MailEnvelope(parsing: bytes, facts: facts(), id: someID)
            #expect(try Envelope(parsing: read.envelope.encoded()) == read.envelope)
        }
    }

    @Test("whatever a client sends, a session answers in whole lines and stays bounded")
    func sessions() {
        let commands = [
            "EHLO c\r\n", "LHLO c\r\n", "MAIL FROM:<a@c>\r\n", "MAIL FROM:<", "RCPT TO:<a@hq.example>\r\n", "DATA\r\n",
            ".\r\n", "..\r\n", "\r\n",
            "BDAT 3\r\n", "BDAT 3 LAST\r\n", "BDAT 99999999999999999999\r\n", "abc", "RSET\r\n", "QUIT\r\n", "\n", "\r",
            "\0", "NOOP\r\n", "ü\r\n", " SIZE=",
        ]
        var random = SeededRandom(seed: 8)
        for round in 0..<1_000 {
            var client = Client(round % 2 == 0 ? .smtp : .lmtp)
            for _ in 0..<40 { client.send(commands.randomElement(using: &random) ?? "") }
            let lines = client.transcript.split(separator: "\r\n", omittingEmptySubsequences: false)
            #expect(
                lines.last == "" && lines.dropLast().allSatisfy { $0.utf8.count <= 510 && Int($0.prefix(3)) != nil })
            #expect(client.mails.allSatisfy { !$0.recipients.isEmpty && $0.message.count <= 1_000 })
        }
    }

    @Test("whatever is written as a mail is read as what it was")
    func rendering() throws {
        let renderer = MailRenderer(address: "a@hq.example", name: "HQ", mailbox: "mail", router: "hq")
        var random = SeededRandom(seed: 9)
        let alphabet = Array("ab .=-\n\t<>\"\\?é你👩‍👩‍👧%;:,\u{FEFF}From")
        for round in 0..<300 {
            let text = String(
                (0..<Int.random(in: 0...200, using: &random)).map { _ in alphabet.randomElement(using: &random) ?? "x" }
            )
            var envelope = Envelope(
                id: someID, time: Timestamp(seconds: 9), from: try Address(parsing: "work:U"),
                topic: try Topic(parsing: "work:c"),
                subject: text,
                parts: [.text(text), Part(type: .file, mediaType: text, name: text, content: .bytes(Array(text.utf8)))])
            envelope.sender = Sender(name: text)
            let mail = try renderer.render(
                Dispatch(
                    number: 1, envelope: envelope, recipient: try Address(parsing: "mail:b@x.example"),
                    idempotencyKey: "k\(round)",
                    attempt: 1)
            ).bytes
            let parsed = try MailParser.parse(mail)
            // A mark at the very start tells the encoding and is no text.
            let unmarked = String(Substring(text.unicodeScalars.drop { $0 == "\u{FEFF}" }))
            let expected = MailText.withoutTrailingLines(unmarked)
            #expect(texts(parsed) == (expected.isEmpty ? [] : ["plain: \(expected)"]))
            #expect(files(parsed).map(\.bytes) == [Array(text.utf8)])
            #expect(parsed.from?.address == "a@hq.example" && parsed.to.count == 1)
        }
    }
}
