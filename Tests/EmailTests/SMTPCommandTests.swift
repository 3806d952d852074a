import Testing

@testable import Email

@Suite("SMTP commands")
struct SMTPCommandTests {
    @Test(
        "a wrong command gets its own code",
        arguments: [
            ("HELLO", "500 5.5.2"), ("EHLO", "501 5.5.4"), ("MAIL FROM:<a@c>", "503 5.5.1"),
            ("RCPT TO:<a@hq.example>", "503 5.5.1"),
            ("DATA", "503 5.5.1"), ("EXPN list", "502 5.5.1"), ("STARTTLS", "502 5.5.1"), ("AUTH PLAIN x", "502 5.5.1"),
            ("RSET now", "501 5.5.4"), ("VRFY ann", "252 2.5.0"), ("HELP", "214 2.0.0"), ("NOOP whatever", "250 2.0.0"),
            ("", "500 5.5.2"),
            ("LHLO c", "500 5.5.1"),
        ])
    func beforeHello(command: String, expected: String) {
        var client = Client()
        client.send("\(command)\r\n")
        #expect(client.lines.last?.hasPrefix(expected) == true)
    }

    @Test(
        "MAIL and RCPT check their parameters",
        arguments: [
            ("MAIL FROM:<a@c> FUTURE=1", "555 5.5.4"), ("MAIL FROM:<a@c> SIZE=x", "501 5.5.4"),
            ("MAIL FROM:a@c", "553 5.1.3"),
            ("MAIL FROM <a@c>", "501 5.5.2"), ("MAIL FROM:<ü@c>", "553 5.6.7"),
            ("MAIL FROM:<ü@c> SMTPUTF8", "250 2.1.0"),
            ("MAIL FROM:<>", "250 2.1.0"), ("mail from: <a@c> body=8bitmime", "250 2.1.0"),
            ("MAIL FROM:<a@c> BODY=BINARYMIME", "555 5.5.4"),
            ("MAIL FROM:<@relay.example:a@c>", "250 2.1.0"), ("MAIL FROM:<\"a > b\"@c>", "250 2.1.0"),
            ("MAIL FROM:<a b@c>", "553 5.1.3"),
            ("MAIL FROM:<a@[192.0.2.1]>", "250 2.1.0"), ("MAIL FROM:<a@c>SIZE=1", "501 5.5.2"),
            ("MAIL FROM:<a@>", "553 5.1.3"),
        ])
    func mailParameters(command: String, expected: String) {
        var client = Client()
        client.send("EHLO c\r\n\(command)\r\n")
        #expect(client.lines.last?.hasPrefix(expected) == true, "\(client.lines.last ?? "")")
    }

    @Test(
        "recipients are checked one by one",
        arguments: [
            ("RCPT TO:<a@hq.example>", "250 2.1.5"), ("RCPT TO:<nobody@hq.example>", "550 5.1.1"),
            ("RCPT TO:<>", "501 5.5.2"),
            ("RCPT TO:<Postmaster>", "250 2.1.5"), ("RCPT TO:<a@hq.example> NOTIFY=NEVER", "555 5.5.4"),
            ("MAIL FROM:<b@c>", "503 5.5.1"),
            ("DATA", "554 5.5.1"),
        ])
    func recipients(command: String, expected: String) {
        var client = Client()
        client.send("EHLO c\r\nMAIL FROM:<a@c>\r\n\(command)\r\n")
        #expect(client.lines.last?.hasPrefix(expected) == true, "\(client.lines.last ?? "")")
    }

    @Test("lines without CR LF, with a lone CR or too long are refused")
    func lineEnds() {
        for line in [
            "NOOP\n", "NOOP\r\r\n", "NO\rOP\r\n", "NOOP \0\r\n", "NOOP \(String(repeating: "x", count: 5_000))\r\n",
        ] {
            var client = Client()
            client.send(line)
            #expect(client.codes == ["500"])
            client.send("NOOP\r\n")
            #expect(client.codes == ["500", "250"])
        }
    }

    @Test("a session of nothing but errors is ended")
    func errors() {
        var client = Client()
        client.send(String(repeating: "HI THERE\r\n", count: 30))
        #expect(client.isClosed)
        #expect(client.codes.count == 21 && client.codes.last == "421")
        var harvester = Client()
        harvester.send(
            "EHLO c\r\nMAIL FROM:<a@c>\r\n" + String(repeating: "RCPT TO:<guess@hq.example>\r\n", count: 200))
        #expect(harvester.isClosed && harvester.codes.last == "421")
    }

    @Test("the recipient beyond the limit is deferred, and the others get the mail")
    func manyRecipients() {
        var client = Client()
        client.send("EHLO c\r\nMAIL FROM:<a@c>\r\n" + String(repeating: "RCPT TO:<a@hq.example>\r\n", count: 4))
        #expect(client.lines.last?.hasPrefix("452 4.5.3") == true)
        client.send("DATA\r\n.\r\n")
        #expect(client.mails.first?.recipients.count == 3)
    }

    @Test("RSET and a second hello forget the mail")
    func reset() {
        for command in ["RSET", "EHLO c"] {
            var client = Client()
            client.send("EHLO c\r\nMAIL FROM:<a@c>\r\nRCPT TO:<a@hq.example>\r\n\(command)\r\nDATA\r\n")
            #expect(client.codes.last == "503")
        }
    }

    @Test("a server that stops says so once and hangs up")
    func stopping() {
        var client = Client.inData()
        client.results = [ServerReply(421, "4.3.2", "stopping")]
        client.send(".\r\nNOOP\r\n")
        #expect(client.isClosed && client.codes.last == "421")
    }

    @Test("text of replies never breaks the protocol")
    func replyText() {
        let reply = ServerReply(554, "5.7.1", "no\r\n250 ok, über \(String(repeating: "x", count: 900))")
        let text = String(decoding: reply.bytes, as: UTF8.self)
        #expect(text.split(separator: "\r\n").count == 1 && text.utf8.count < 512 && text.utf8.allSatisfy { $0 < 0x80 })
    }
}
