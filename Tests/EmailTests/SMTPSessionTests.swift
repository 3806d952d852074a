import Testing

@testable import Email

@Suite("SMTP sessions")
struct SMTPSessionTests {
    @Test("a pipelined batch is answered in order and gives the mail")
    func pipelinedBatch() {
        var client = Client()
        client.send("EHLO client.example\r\n")
        client.send(
            "MAIL FROM:<ann@client.example> SIZE=40 BODY=8BITMIME\r\nRCPT TO:<a@hq.example>\r\nRCPT TO:<x@nowhere>\r\nDATA\r\n"
        )
        #expect(client.codes == ["250", "250", "250", "550", "354"])
        client.send("Subject: a\r\n\r\n..dot\r\n.\r\nQUIT\r\n")
        #expect(client.mails.first?.message == Array("Subject: a\r\n\r\n.dot\r\n".utf8))
        #expect(client.mails.first?.recipients == ["a@hq.example"])
        #expect(client.mails.first?.sender == "ann@client.example")
        #expect(client.codes.suffix(2) == ["250", "221"])
        #expect(client.isClosed)
    }

    @Test("the greeting lists what the server can do")
    func extensions() {
        var client = Client()
        client.send("EHLO c\r\n")
        for line in [
            "250-SIZE 1000", "250-PIPELINING", "250-8BITMIME", "250-SMTPUTF8", "250-CHUNKING",
            "250-ENHANCEDSTATUSCODES",
        ] {
            #expect(client.transcript.contains(line + "\r\n"))
        }
        #expect(client.transcript.hasPrefix("220 mx.hq.example ESMTP"))
        #expect(!client.transcript.contains("STARTTLS"))
    }

    @Test("a web page cannot send mail by having its browser post to the mail server", arguments: ["POST", "put"])
    func browser(method: String) {
        var client = Client()
        let mail = "EHLO c\r\nMAIL FROM:<>\r\nRCPT TO:<a@hq.example>\r\nDATA\r\n\r\nx\r\n.\r\n"
        client.send("\(method) / HTTP/1.1\r\nHost: localhost\r\n\r\n\(mail)")
        #expect(client.codes == ["521"])
        #expect(client.mails.isEmpty && client.isClosed)
    }

    @Test("a session gives the same result wherever its bytes are split")
    func everySplit() {
        let whole = Array(
            "EHLO c\r\nMAIL FROM:<>\r\nRCPT TO:<a@hq.example>\r\nDATA\r\n.\r\r\n..\r\n.x\r\n.\r\nMAIL FROM:<b@c>\r\nRCPT TO:<a@hq.example>\r\nBDAT 5\r\n.\r\nabBDAT 2 LAST\r\n\r\nNOOP\r\n"
                .utf8)
        var reference = Client()
        reference.send(whole)
        #expect(reference.mails.count == 1)
        for index in whole.indices {
            var client = Client()
            client.send(Array(whole[..<index]))
            client.send(Array(whole[index...]))
            #expect(client.transcript == reference.transcript && client.mails == reference.mails)
        }
        var slow = Client()
        for byte in whole { slow.send([byte]) }
        #expect(slow.transcript == reference.transcript && slow.mails == reference.mails)
    }

    @Test(
        "only CRLF . CRLF ends a message, and bare line ends refuse it",
        arguments: [
            "a\n.\r\n", "a\n.\n", "a\r\n.\n", "a\r.\r\n", "a\r\n.\r", "a\rb\r\n", "a\nb\r\n",
            "\n.\r\nMAIL FROM:<evil@x>\r\n",
        ])
    func smuggling(body: String) {
        var client = Client.inData()
        client.send(body)
        #expect(client.mails.isEmpty && !client.isClosed)
        #expect(client.codes.last == "354")
        client.send("\r\n.\r\n")
        #expect(client.codes.last == "550")
        #expect(client.mails.isEmpty)
        client.send("NOOP\r\n")
        #expect(client.codes.last == "250")
    }

    @Test("an empty message and one that is only a dot line are told apart")
    func emptyMessage() {
        var empty = Client.inData()
        empty.send(".\r\n")
        #expect(empty.mails.first?.message == [])
        var dot = Client.inData()
        dot.send("..\r\n.\r\n")
        #expect(dot.mails.first?.message == Array(".\r\n".utf8))
    }

    @Test("what is too large is refused by its announced and by its real size")
    func size() {
        var announced = Client()
        announced.send("EHLO c\r\nMAIL FROM:<a@c> SIZE=1001\r\n")
        #expect(announced.codes.last == "552")
        var beyond = Client()
        beyond.send("EHLO c\r\nMAIL FROM:<a@c> SIZE=99999999999999999999\r\n")
        #expect(beyond.codes.last == "552")
        var real = Client.inData()
        real.send(String(repeating: "0123456789\r\n", count: 90) + ".\r\n")
        #expect(real.codes.last == "552" && real.mails.isEmpty)
        real.send("NOOP\r\n")
        #expect(real.codes.last == "250")
        var flood = Client.inData()
        flood.send(String(repeating: "x", count: 100_000))
        #expect(flood.isClosed && flood.codes.last == "552")
    }

    @Test("chunks make a message, and are read over when nobody wants them")
    func chunks() {
        var client = Client()
        client.send("EHLO c\r\nBDAT 6\r\nQUIT\r\n")
        #expect(client.codes.last == "503" && !client.isClosed)
        client.send("MAIL FROM:<a@c>\r\nRCPT TO:<a@hq.example>\r\nBDAT 4\r\n.\r\nxBDAT 2\r\n\r\nBDAT 0 LAST\r\n")
        #expect(client.mails.first?.message == Array(".\r\nx\r\n".utf8))
        client.send("MAIL FROM:<a@c>\r\nRCPT TO:<a@hq.example>\r\nBDAT 1\r\nxDATA\r\nRSET\r\n")
        #expect(client.codes.suffix(5) == ["250", "250", "250", "503", "250"])
        client.send("MAIL FROM:<a@c>\r\nRCPT TO:<a@hq.example>\r\nBDAT 1001\r\n")
        client.send(String(repeating: "x", count: 1_001))
        #expect(client.codes.last == "552")
        client.send("BDAT x\r\n")
        #expect(client.isClosed)
    }

    @Test("LMTP says hello in its own way and answers for each recipient")
    func lmtp() {
        var client = Client(.lmtp)
        client.send("EHLO c\r\nLHLO c\r\nMAIL FROM:<a@c>\r\nDATA\r\n")
        #expect(client.codes == ["500", "250", "250", "503"])
        client.results = [ServerReply(250, "2.0.0", "ok"), ServerReply(451, "4.3.2", "busy")]
        client.send("RCPT TO:<a@hq.example>\r\nRCPT TO:<b@hq.example>\r\nDATA\r\nx\r\n.\r\n")
        #expect(client.codes.suffix(3) == ["354", "250", "451"])
        client.send("MAIL FROM:<a@c>\r\nRCPT TO:<a@hq.example>\r\nRCPT TO:<a@hq.example>\r\nDATA\r\nx\ny\r\n.\r\n")
        #expect(client.codes.suffix(3) == ["354", "550", "550"])
    }
}
