import Configuration
import Crypto
import Messages
import Testing
import Transport

@testable import Email

extension String {
    fileprivate var base64: String { Base64.standard.encode(utf8) }
}

@Suite("STARTTLS and AUTH")
struct SMTPLoginTests {
    /// A client of a server with one user.
    private func client(
        offersTLS: Bool = true, hasUsers: Bool = true, requiresLogin: Bool = false
    ) throws -> Client {
        let user = try MailUser(name: "ann", password: Secret("pässword"), senders: ["ann@c.example", "*@ann.example"])
        var accounts = MailAccounts()
        accounts.update([user])
        let known = accounts
        return Client(configure: {
            $0.offersTLS = offersTLS
            $0.hasUsers = hasUsers
            $0.requiresLogin = requiresLogin
        }) { login in
            var accounts = known
            return accounts.verdict(login, from: .local, now: 0)
        }
    }

    /// A client that speaks TLS.
    private func secureClient(requiresLogin: Bool = false) throws -> Client {
        var client = try client(requiresLogin: requiresLogin)
        client.send("EHLO c\r\nSTARTTLS\r\n")
        client.send("EHLO c\r\n")
        return client
    }

    private static let plain = "\0ann\0pässword".base64

    @Test("STARTTLS and AUTH are offered when they can be used, and only then")
    func offers() throws {
        var client = try client()
        client.send("EHLO c\r\n")
        #expect(client.transcript.contains("250-STARTTLS\r\n") && !client.transcript.contains("AUTH"))
        client.send("STARTTLS\r\n")
        let before = client.transcript.count
        client.send("EHLO c\r\n")
        let after = client.transcript.dropFirst(before)
        #expect(after.contains("250-AUTH PLAIN LOGIN\r\n") && !after.contains("STARTTLS"))
        var bare = try self.client(offersTLS: false, hasUsers: false)
        bare.send("EHLO c\r\nSTARTTLS\r\nAUTH PLAIN \(Self.plain)\r\n")
        #expect(!bare.transcript.contains("STARTTLS\r\n") && bare.codes == ["250", "502", "502"])
    }

    @Test("what comes behind STARTTLS in plain text is thrown away (CVE-2011-0411)")
    func injection() throws {
        var client = try client()
        client.send(
            "EHLO c\r\nSTARTTLS\r\nEHLO evil\r\nMAIL FROM:<e@x>\r\nRCPT TO:<a@hq.example>\r\nDATA\r\n")
        #expect(client.codes == ["250", "220"])
        client.send("NOOP\r\n")
        #expect(client.codes == ["250", "220", "250"])
    }

    @Test("what was said before TLS does not count")
    func reset() throws {
        var client = try client()
        client.send("EHLO c\r\nSTARTTLS\r\n")
        client.send("MAIL FROM:<e@x>\r\nAUTH PLAIN \(Self.plain)\r\nSTARTTLS\r\n")
        #expect(client.codes.suffix(3) == ["503", "503", "503"])
        #expect(client.lines.suffix(3).first == "503 5.5.1 say hello first")
        #expect(client.lines.last == "503 5.5.1 TLS is active already")
    }

    @Test("STARTTLS has no argument, and no place in a mail")
    func badTLS() throws {
        var client = try client()
        client.send("EHLO c\r\nSTARTTLS now\r\nMAIL FROM:<e@x>\r\nSTARTTLS\r\n")
        #expect(client.codes == ["250", "501", "250", "503"])
    }

    @Test("a password is taken under TLS only", arguments: ["AUTH PLAIN \(plain)", "AUTH LOGIN", "auth plain"])
    func plainText(command: String) throws {
        var client = try client()
        client.send("EHLO c\r\n\(command)\r\nNOOP\r\n")
        #expect(client.codes == ["250", "538", "250"])
    }

    @Test(
        "a right password lets in, in every form",
        arguments: [
            ["AUTH PLAIN \(plain)"], ["auth plain", plain], ["AUTH PLAIN \("ann\0ann\0pässword".base64)"],
            ["AUTH LOGIN", "ann".base64, "pässword".base64], ["AUTH LOGIN \("ann".base64)", "pässword".base64],
        ])
    func right(lines: [String]) throws {
        var client = try secureClient(requiresLogin: true)
        for line in lines { client.send("\(line)\r\n") }
        #expect(client.codes.last == "235")
        client.send(
            "AUTH PLAIN \(Self.plain)\r\nMAIL FROM:<ann@c.example> AUTH=<>\r\nRCPT TO:<a@hq.example>\r\nDATA\r\n")
        client.send("x\r\n.\r\n")
        #expect(client.codes.suffix(5) == ["503", "250", "250", "354", "250"])
        #expect(client.mails.first?.identity?.name == "ann")
        #expect(client.mails.first?.tls == "TLSv1.3")
    }

    @Test(
        "a wrong login does not, whatever is wrong",
        arguments: [
            (["AUTH PLAIN \("\0ann\0password".base64)"], "535"), (["AUTH PLAIN \("\0bob\0pässword".base64)"], "535"),
            (["AUTH PLAIN \("\0ann\0".base64)"], "535"), (["AUTH PLAIN \("bob\0ann\0pässword".base64)"], "501"),
            (["AUTH PLAIN ="], "501"), (["AUTH PLAIN !!"], "501"), (["AUTH PLAIN \("ann".base64)"], "501"),
            (["AUTH PLAIN", "*"], "501"), (["AUTH LOGIN", "*"], "501"), (["AUTH LOGIN", "ann".base64, "*"], "501"),
            (["AUTH LOGIN", "ann".base64, "x".base64], "535"), (["AUTH LOGIN", ""], "501"),
            (["AUTH LOGIN", String(repeating: "A", count: 5_000)], "500"), (["AUTH CRAM-MD5"], "504"),
            (["AUTH"], "501"),
            (["AUTH PLAIN a b"], "501"),
        ])
    func wrong(lines: [String], code: String) throws {
        var client = try secureClient(requiresLogin: true)
        for line in lines { client.send("\(line)\r\n") }
        #expect(client.codes.last == code)
        if code == "500" { client.send("*\r\n") }
        client.send("MAIL FROM:<ann@c.example>\r\n")
        #expect(client.lines.last == "530 5.7.0 log in first")
    }

    @Test("three wrong passwords end the session")
    func tooMany() throws {
        var client = try secureClient()
        for _ in 0..<4 { client.send("AUTH PLAIN \("\0ann\0guess".base64)\r\n") }
        #expect(client.codes.suffix(4) == ["535", "535", "535", "421"])
        #expect(client.isClosed)
    }

    @Test("without a login nobody sends where one is needed, and the client hears how")
    func required() throws {
        var client = try client(requiresLogin: true)
        client.send("EHLO c\r\nMAIL FROM:<ann@c.example>\r\n")
        #expect(client.lines.last == "530 5.7.0 use STARTTLS first, then log in")
    }

    @Test(
        "a user sends under the user's own addresses",
        arguments: [
            ("ann@c.example", "250"), ("ANN+list@C.example", "250"), ("any@ann.example", "250"), ("", "250"),
            ("bob@c.example", "553"), ("ann@c.example.evil", "553"),
        ])
    func senders(address: String, code: String) throws {
        var client = try secureClient()
        client.send("AUTH PLAIN \(Self.plain)\r\nMAIL FROM:<\(address)>\r\n")
        #expect(client.codes.last == code)
    }

    @Test("a name and a password never show")
    func secrets() throws {
        let login = MailLogin(name: "hunter2", password: Array("hunter3".utf8))
        let user = try MailUser(name: "ann", password: Secret("hunter2"), senders: ["*"])
        var text = "\(login) \(user)"
        dump(login, to: &text)
        dump(user, to: &text)
        #expect(!text.contains("hunter"))
        #expect(throws: MailError.badAddress("nobody")) {
            try MailUser(name: "ann", password: Secret("x"), senders: ["nobody"])
        }
    }
}

@Suite("Counting wrong passwords")
struct MailAccountsTests {
    private func accounts() throws -> MailAccounts {
        var accounts = MailAccounts()
        accounts.update([try MailUser(name: "ann", password: Secret("right"), senders: ["*"])])
        return accounts
    }

    private let right = MailLogin(name: "ann", password: Array("right".utf8))
    private let wrong = MailLogin(name: "ann", password: Array("wrong".utf8))

    @Test("after twenty wrong passwords a client waits ten minutes, and others do not")
    func limit() throws {
        var accounts = try accounts()
        let (one, other) = (MailAccounts.Client.v4(1), MailAccounts.Client.v4(2))
        for _ in 0..<20 { #expect(accounts.verdict(wrong, from: one, now: 100) == .refused) }
        #expect(accounts.verdict(right, from: one, now: 699) == .tooMany)
        guard case .accepted = accounts.verdict(right, from: other, now: 100),
            case .accepted = accounts.verdict(right, from: one, now: 700)
        else {
            Issue.record("not let in")
            return
        }
    }

    @Test("a right password forgives the wrong ones, and an update of the users does not")
    func forgiveness() throws {
        var accounts = try accounts()
        for _ in 0..<19 { _ = accounts.verdict(wrong, from: .local, now: 0) }
        _ = accounts.verdict(right, from: .local, now: 0)
        for _ in 0..<20 { _ = accounts.verdict(wrong, from: .local, now: 0) }
        accounts.update([try MailUser(name: "ann", password: Secret("right"), senders: ["*"])])
        #expect(accounts.verdict(right, from: .local, now: 0) == .tooMany)
    }

    @Test("the addresses of one IPv6 network count together")
    func networks() throws {
        let addresses = try ["[2001:db8::1]:1", "[2001:db8::ffff]:2", "[2001:db8:0:1::1]:1"].map {
            MailAccounts.Client(try SocketAddress($0))
        }
        #expect(addresses[0] == addresses[1] && addresses[0] != addresses[2])
    }

    @Test("an attack from everywhere takes no more memory than so much")
    func bounded() throws {
        var accounts = try accounts()
        for client in 0..<25_000 { _ = accounts.verdict(wrong, from: .v4(UInt32(client)), now: 0) }
        #expect(accounts.watchedClients <= 10_000)
    }
}
