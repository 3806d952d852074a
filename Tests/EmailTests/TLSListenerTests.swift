import AdapterKit
import Configuration
import Crypto
import Messages
import TestSupport
import Testing
import Transport

@testable import Email

@Suite("Mail under TLS, by real sockets")
struct TLSListenerTests {
    private enum Way { case startTLS, implicit }

    /// Runs a listener for `support@hq.example` with the user ann, and a client that trusts it.
    private func withListener(
        _ way: Way, requiresLogin: Bool = false,
        _ body: (Surroundings, SMTPListener, TLSClientContext, inout WireClient) async throws -> Void
    ) async throws {
        let made = try TLSCertificate.selfSigned(names: ["hq.example"])
        let server = try TLSServerContext(TLSServerConfiguration(certificates: [TLSCertificate(made)]))
        let tls = try TLSClientContext(TLSClientConfiguration(trust: .text(made.certificate)))
        try await Surroundings.with { surroundings in
            var options = SMTPListenerOptions(router: "hq.example")
            options.requiresLogin = requiresLogin
            let listener = try await SMTPListener.bind(
                to: SocketAddress("127.0.0.1:0"), on: surroundings.loops, options: options,
                door: MailDoor(protection: way == .startTLS ? .startTLS(server) : .implicit(server)),
                logger: surroundings.logger)
            listener.update(receivers: [try surroundings.adapter("{address: support@hq.example}", mailbox: "mail")])
            listener.update(users: [
                try MailUser(name: "ann", password: Secret("secret word"), senders: ["ann@x.example"])
            ])
            let running = Task { await listener.run() }
            var client = try await WireClient(listener.localAddress, on: surroundings.loops)
            if way == .implicit { try await client.beginTLS(tls) }
            #expect(try await client.replies(1) == ["220 hq.example ESMTP ready"])
            try await body(surroundings, listener, tls, &client)
            await listener.shutdown(within: .milliseconds(100))
            await running.value
        }
    }

    private static let plain = Base64.standard.encode("\0ann\0secret word".utf8)

    private static func mail(from author: String) -> String {
        "From: \(author)\r\nMessage-ID: <\(author.utf8.count)@x>\r\nSubject: Hello\r\n\r\ntext\r\n.\r\n"
    }

    @Test("a mail handed in after STARTTLS and a login has a verified author")
    func startTLS() async throws {
        try await withListener(.startTLS, requiresLogin: true) { surroundings, _, tls, client in
            try await client.send("EHLO c\r\nSTARTTLS\r\n")
            #expect(try await client.replies(2).last == "220 2.0.0 ready to start TLS")
            try await client.beginTLS(tls)
            try await client.send(
                "EHLO c\r\nAUTH PLAIN \(Self.plain)\r\nMAIL FROM:<ann@x.example>\r\nRCPT TO:<support@hq.example>\r\nDATA\r\n"
            )
            #expect(try await client.replies(5).map { $0.prefix(3) } == ["250", "235", "250", "250", "354"])
            try await client.send(Self.mail(from: "Ann <ann@x.example>"))
            #expect(try await client.replies(1).first?.hasPrefix("250 2.0.0 accepted as ") == true)
            let envelope = try #require(surroundings.acceptor.arrivals.first).envelope
            #expect(envelope.sender?.isAuthenticated == true)
            #expect(envelope.meta["user"]?.string == "ann" && envelope.meta["tls"]?.string == "TLSv1.3")
            #expect(!surroundings.log.text.contains("secret"))
        }
    }

    @Test("TLS from the first byte, without a login: anybody's mail, under TLS, with an author that is only claimed")
    func implicit() async throws {
        try await withListener(.implicit) { surroundings, _, _, client in
            try await client.send("EHLO c\r\nMAIL FROM:<bo@x.example>\r\nRCPT TO:<support@hq.example>\r\nDATA\r\n")
            #expect(try await client.replies(4).last?.hasPrefix("354") == true)
            try await client.send(Self.mail(from: "bo@x.example"))
            #expect(try await client.replies(1).first?.hasPrefix("250") == true)
            let envelope = try #require(surroundings.acceptor.arrivals.first).envelope
            #expect(envelope.sender?.isAuthenticated != true)
            #expect(envelope.meta["user"] == nil && envelope.meta["tls"]?.string == "TLSv1.3")
        }
    }

    @Test(
        "a user's mail with somebody else as its author is refused",
        arguments: ["Bo <bo@x.example>", "bo@x.example, ann@x.example", "\"ann@x.example\" <bo@x.example>", ""])
    func foreignAuthor(author: String) async throws {
        try await withListener(.implicit) { surroundings, _, _, client in
            try await client.send(
                "EHLO c\r\nAUTH PLAIN \(Self.plain)\r\nMAIL FROM:<ann@x.example>\r\nRCPT TO:<support@hq.example>\r\nDATA\r\n"
            )
            _ = try await client.replies(5)
            try await client.send(Self.mail(from: author))
            #expect(try await client.replies(1) == ["554 5.7.1 ann may not send as the author in From"])
            #expect(surroundings.acceptor.arrivals.isEmpty)
        }
    }

    @Test("commands put in behind STARTTLS never run (CVE-2011-0411)")
    func injection() async throws {
        try await withListener(.startTLS) { surroundings, _, tls, client in
            let evil = "EHLO evil\r\nMAIL FROM:<e@x>\r\nRCPT TO:<support@hq.example>\r\nDATA\r\nx\r\n.\r\n"
            try await client.send("EHLO c\r\nSTARTTLS\r\n\(evil)")
            #expect(try await client.replies(2).map { $0.prefix(3) } == ["250", "220"])
            try await client.beginTLS(tls)
            try await client.send("MAIL FROM:<ann@x.example>\r\nEHLO c\r\n")
            #expect(try await client.replies(2).map { $0.prefix(3) } == ["503", "250"])
            #expect(surroundings.acceptor.arrivals.isEmpty)
        }
    }

    @Test("a client that speaks no TLS where it should is let go, and the others are not")
    func plainText() async throws {
        try await withListener(.startTLS) { surroundings, listener, _, client in
            try await client.send("EHLO c\r\nSTARTTLS\r\n")
            _ = try await client.replies(2)
            try await client.send("MAIL FROM:<e@x>\r\n")
            #expect(try await client.replies(1).isEmpty)
            var other = try await WireClient(listener.localAddress, on: surroundings.loops)
            #expect(try await other.replies(1) == ["220 hq.example ESMTP ready"])
        }
    }

    @Test("wrong passwords are logged without the password, the user by name only if there is one")
    func log() async throws {
        try await withListener(.implicit) { surroundings, _, _, client in
            for login in ["\0ann\0hunter2", "\0hunter3\0ann"] {
                try await client.send("EHLO c\r\nAUTH PLAIN \(Base64.standard.encode(login.utf8))\r\n")
                #expect(try await client.replies(2).last == "535 5.7.8 wrong name or password")
            }
            #expect(surroundings.log.text.contains("mail login refused"))
            #expect(surroundings.log.text.contains("ann") && surroundings.log.text.contains("unknown"))
            #expect(!surroundings.log.text.contains("hunter"))
        }
    }
}
