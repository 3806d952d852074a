import AdapterKit
import Messages
import TestSupport
import Testing
import Transport

@testable import Email

@Suite("Mail by real sockets")
struct ListenerTests {
    private static let message =
        "From: Ann <ann@x.example>\r\nMessage-ID: <m1@x.example>\r\nSubject: Hello\r\n\r\ntext\r\n.\r\n"

    /// Runs a listener for these mailboxes.
    private func withListener(
        _ yaml: [String], dialect: SMTPConfiguration.Dialect = .smtp,
        change: (inout SMTPListenerOptions) -> Void = { _ in },
        _ body: (Surroundings, SMTPListener, inout WireClient) async throws -> Void
    ) async throws {
        try await Surroundings.with { surroundings in
            var options = SMTPListenerOptions(router: "hq.example", dialect: dialect)
            change(&options)
            let listener = try await SMTPListener.bind(
                to: SocketAddress("127.0.0.1:0"), on: surroundings.loops, options: options, logger: surroundings.logger)
            var receivers: [EmailAdapter] = []
            for (index, yaml) in yaml.enumerated() {
                receivers.append(try surroundings.adapter(yaml, mailbox: "mail\(index)"))
            }
            listener.update(receivers: receivers)
            let running = Task { await listener.run() }
            var client = try await WireClient(listener.localAddress, on: surroundings.loops)
            #expect(try await client.replies(1) == ["220 hq.example \(dialect == .smtp ? "ESMTP" : "LMTP") ready"])
            try await body(surroundings, listener, &client)
            await listener.shutdown(within: .milliseconds(100))
            await running.value
        }
    }

    @Test("a mail is accepted before the client is told so, and a repetition is taken without effect")
    func acceptance() async throws {
        try await withListener(["{address: support@hq.example}"]) { surroundings, _, client in
            for _ in 0..<2 {
                try await client.send(
                    "EHLO c.example\r\nMAIL FROM:<ann@x.example>\r\nRCPT TO:<Support+t1@HQ.example>\r\nDATA\r\n")
                #expect(try await client.replies(4).last == "354 end with <CRLF>.<CRLF>")
                try await client.send(Self.message)
                #expect(try await client.replies(1).first?.hasPrefix("250 2.0.0 accepted as ") == true)
            }
            let arrival = try #require(surroundings.acceptor.arrivals.first)
            #expect(surroundings.acceptor.arrivals.count == 1)
            #expect(arrival.envelope.topic.description == "mail0:support")
            #expect(arrival.envelope.from.description == "mail0:ann@x.example")
            #expect(arrival.eventKey == "m1@x.example support" && arrival.remoteID == "m1@x.example")
            #expect(arrival.envelope.meta["recipients"]?.array == ["Support+t1@HQ.example"])
            #expect(arrival.envelope.meta["client"]?.string == "127.0.0.1")
            #expect(surroundings.log.text.contains("mail repeated"))
        }
    }

    @Test(
        "what the router says is what the client hears",
        arguments: [
            (AcceptError.refused(reason: "blocked"), "554 5.7.1 blocked"),
            (.busy(retryAfter: .seconds(5)), "452 4.3.2"),
            (.full(reason: "no room"), "452 4.3.1 no room"), (.unavailable(reason: "stopping"), "421 4.3.2 stopping"),
        ])
    func refusals(error: AcceptError, expected: String) async throws {
        try await withListener(["{address: support@hq.example}"]) { surroundings, _, client in
            surroundings.acceptor.refuse(error)
            try await client.send("EHLO c\r\nMAIL FROM:<>\r\nRCPT TO:<support@hq.example>\r\nDATA\r\n")
            _ = try await client.replies(4)
            try await client.send(Self.message)
            #expect(try await client.replies(1).first?.hasPrefix(expected) == true)
            #expect(surroundings.acceptor.arrivals.isEmpty)
        }
    }

    @Test("each recipient goes to the mailbox that fits it best, and each class gets a message")
    func severalMailboxes() async throws {
        let mailboxes = [
            "{address: a@hq.example, accepts: \"*\"}",
            "{address: b@hq.example, accepts: [\"*@hq.example\", b@x.example]}",
        ]
        try await withListener(mailboxes, dialect: .lmtp) { surroundings, _, client in
            let recipients = [
                "c@hq.example", "d@hq.example", "B@x.example", "e@other.example", "D+2@hq.example", "Postmaster",
            ]
            let commands = recipients.map { "RCPT TO:<\($0)>\r\n" }.joined()
            try await client.send("LHLO c\r\nMAIL FROM:<ann@x.example>\r\n\(commands)DATA\r\n")
            #expect(try await client.replies(9).allSatisfy { $0.hasPrefix("250") || $0.hasPrefix("354") })
            try await client.send(Self.message)
            #expect(try await client.replies(6).allSatisfy { $0.hasPrefix("250 2.0.0 accepted as") })
            let topics = surroundings.acceptor.arrivals.map(\.envelope.topic.description).sorted()
            #expect(topics == ["mail0:e", "mail0:postmaster", "mail1:b", "mail1:c", "mail1:d"])
        }
    }

    @Test("a recipient that nobody takes is unknown, and known after a reload")
    func reload() async throws {
        try await withListener([]) { surroundings, listener, client in
            try await client.send("EHLO c\r\nMAIL FROM:<a@x.example>\r\nRCPT TO:<support@hq.example>\r\n")
            #expect(try await client.replies(3).last == "550 5.1.1 no such mailbox here")
            listener.update(receivers: [try surroundings.adapter("{address: support@hq.example}")])
            try await client.send("RCPT TO:<support@hq.example>\r\n")
            #expect(try await client.replies(1) == ["250 2.1.5 recipient ok"])
        }
    }

    @Test("the router's own mail and mail in circles is refused")
    func loops() async throws {
        try await withListener(["{address: support@hq.example}"]) { surroundings, _, client in
            try await client.send("EHLO c\r\nMAIL FROM:<a@x.example>\r\nRCPT TO:<support@hq.example>\r\nDATA\r\n")
            _ = try await client.replies(4)
            try await client.send("X-Router-Loop: hq.example\r\n\r\n.\r\n")
            #expect(try await client.replies(1).first?.hasPrefix("554 5.4.6 mail loop") == true)
            #expect(surroundings.acceptor.arrivals.isEmpty)
        }
    }

    @Test("a large attachment goes to the blob store before the message is accepted")
    func blobs() async throws {
        try await withListener(["{address: support@hq.example}"]) { surroundings, _, client in
            try await client.send("EHLO c\r\nMAIL FROM:<a@x.example>\r\nRCPT TO:<support@hq.example>\r\nDATA\r\n")
            _ = try await client.replies(4)
            let body = String(repeating: "0123456789012345678901234567890123456789\r\n", count: 5_000)
            try await client.send("Content-Type: image/png\r\n\r\n\(body).\r\n")
            #expect(try await client.replies(1).first?.hasPrefix("250") == true)
            #expect(surroundings.blobs.count == 1)
            guard case .blob(let reference) = surroundings.acceptor.arrivals.first?.envelope.parts.first?.content else {
                Issue.record("expected a claim check")
                return
            }
            #expect(try await surroundings.blobs.read(reference) == Array(body.utf8))
        }
    }

    @Test("a client that is silent too long is told so")
    func timeout() async throws {
        try await withListener([], change: { $0.commandTimeout = .milliseconds(50) }) { _, _, client in
            let reply = try await client.replies(1).first
            #expect(reply?.hasPrefix("421 4.4.2") == true)
            let rest = try await client.connection.read(max: 1, timeout: .seconds(10))
            #expect(rest == nil)
        }
    }

    @Test("a listener that stops says so to clients that are between mails")
    func stopping() async throws {
        try await withListener([]) { _, listener, client in
            async let stopped: Void = listener.shutdown(within: .seconds(10))
            let reply = try await client.replies(1).first
            #expect(reply?.hasPrefix("421 4.3.2") == true)
            await stopped
        }
    }

    @Test("messages that come in hold no more memory together than they may, and what they held is given back")
    func memory() async throws {
        try await withListener(
            ["{address: support@hq.example}"], change: { $0.maximumBuffered = 100_000 }
        ) { surroundings, listener, first in
            let opening = "EHLO c\r\nMAIL FROM:<a@x.example>\r\nRCPT TO:<support@hq.example>\r\nDATA\r\n"
            let lines = String(repeating: "0123456789\r\n", count: 5_000)
            for attempt in 0..<3 {
                var second = try await WireClient(listener.localAddress, on: surroundings.loops)
                _ = try await second.replies(1)
                try await second.send(opening)
                _ = try await second.replies(4)
                try await second.send("Message-ID: <\(attempt)@x.example>\r\n\r\n" + lines + lines)
                let reply = try await second.replies(1).first
                #expect(reply?.hasPrefix("421 4.3.1") == true)
            }
            try await first.send(opening)
            _ = try await first.replies(4)
            try await first.send(lines + ".\r\n")
            let reply = try await first.replies(1).first
            #expect(reply?.hasPrefix("250") == true)
        }
    }

    @Test("what one router sends another one takes, byte for byte")
    func roundTrip() async throws {
        try await withListener(["{address: support@hq.example}"]) { surroundings, listener, _ in
            let port = try #require(listener.localAddress.port)
            let sender = try surroundings.adapter(
                "{address: bot@x.example, name: X, smtp: {host: 127.0.0.1, port: \(port)}}", router: "x.example")
            var envelope = Envelope(
                id: someID, time: Timestamp(seconds: 1_704_207_000), from: try Address(parsing: "work:U1"),
                topic: try Topic(parsing: "work:chat"), subject: "Grüße", parts: [.text("你好\n.\n-- \nAnn")])
            envelope.sender = Sender(name: "Ann")
            envelope.parts.append(
                Part(type: .image, mediaType: "image/png", name: "a.png", content: .bytes([0, 13, 10, 46])))
            let dispatch = Dispatch(
                number: 1, envelope: envelope, recipient: try Address(parsing: "mail:support@hq.example"),
                idempotencyKey: "k1", attempt: 1)
            for _ in 0..<2 {
                guard case .delivered(let ids, let detail) = try await sender.deliver(dispatch) else {
                    Issue.record("expected the mail to be delivered")
                    return
                }
                #expect(ids == ["postroad.k1@x.example"] && detail?.contains("accepted as") == true)
            }
            #expect(surroundings.acceptor.arrivals.count == 1)
            let arrived = try #require(surroundings.acceptor.arrivals.first?.envelope)
            #expect(arrived.text == envelope.text && arrived.subject == envelope.subject)
            #expect(arrived.parts.last == envelope.parts.last && arrived.time == envelope.time)
            #expect(arrived.sender?.name == "Ann via X" && !arrived.isAutomatic)
        }
    }
}
