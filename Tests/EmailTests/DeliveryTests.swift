import AdapterKit
import Configuration
import Messages
import Testing
import Transport

@testable import Email

@Suite("Sending mail")
struct DeliveryTests {
    private func dispatch(_ change: (inout Envelope) throws -> Void = { _ in }) throws -> Dispatch {
        var envelope = Envelope(
            id: someID, time: Timestamp(seconds: 1_704_207_845), from: try Address(parsing: "work:U1"),
            topic: try Topic(parsing: "work:chat"), parts: [.text("Hello\n.\nEnd")])
        try change(&envelope)
        return Dispatch(
            number: 1, envelope: envelope, recipient: try Address(parsing: "mail:bo@x.example"), idempotencyKey: "k1",
            attempt: 1)
    }

    private func send(
        _ script: ScriptedServer.Script = .init(), _ dispatch: Dispatch,
        check: (ScriptedServer, Surroundings) throws -> Void = { _, _ in }
    ) async throws -> Receipt {
        try await Surroundings.with { surroundings in
            var receipt = Receipt.rejected(reason: "nothing was sent")
            try await ScriptedServer.with(script, on: surroundings.loops, logger: surroundings.logger) { server in
                let adapter = try surroundings.adapter(
                    "{address: support@hq.example, smtp: {host: 127.0.0.1, port: \(server.port), tls: none}}")
                receipt = try await adapter.deliver(dispatch)
                try check(server, surroundings)
            }
            return receipt
        }
    }

    @Test("a mail that the server takes is delivered under its own id")
    func delivered() async throws {
        let receipt = try await send(.init(), dispatch()) { server, surroundings in
            #expect(server.commands.first == "EHLO hq.example")
            #expect(server.commands.contains("MAIL FROM:<support@hq.example>"))
            #expect(server.commands.contains("RCPT TO:<bo@x.example>"))
            let parsed = try MailParser.parse(#require(server.messages.first))
            #expect(texts(parsed) == ["plain: Hello\n.\nEnd"])
            #expect(surroundings.health.status.state == .working(detail: "sends through 127.0.0.1:\(server.port)"))
        }
        guard case .delivered(let ids, let detail) = receipt else {
            Issue.record("expected delivered, got \(receipt)")
            return
        }
        #expect(ids == ["postroad.k1@hq.example"] && detail?.contains("queued as 42") == true)
    }

    @Test("a bounce goes out under the null sender")
    func bounce() async throws {
        _ = try await send(.init(), dispatch { $0.kind = .bounce }) { server, _ in
            #expect(server.commands.contains("MAIL FROM:<>"))
        }
    }

    @Test("a part from the blob store goes out whole")
    func blob() async throws {
        try await Surroundings.with { surroundings in
            let bytes = [UInt8](repeating: 7, count: 100_000)
            let reference = try await surroundings.blobs.store(bytes)
            try await ScriptedServer.with(on: surroundings.loops, logger: surroundings.logger) { server in
                let adapter = try surroundings.adapter(
                    "{address: a@hq.example, smtp: {host: 127.0.0.1, port: \(server.port), tls: none}}")
                _ = try await adapter.deliver(
                    dispatch { $0.parts = [Part(type: .file, name: "big", content: .blob(reference))] })
                #expect(try files(MailParser.parse(#require(server.messages.first))).first?.bytes == bytes)
            }
        }
    }

    private enum Kind: String { case delivered, deferred, rejected, unknown }

    private func kind(_ receipt: Receipt) -> Kind {
        switch receipt {
        case .delivered: .delivered
        case .deferred: .deferred
        case .rejected: .rejected
        case .unknown: .unknown
        }
    }

    @Test("5xx to this mail rejects it, 4xx and trouble with the server defer it")
    func refusals() async throws {
        let cases: [(ScriptedServer.Script, Kind)] = [
            (.init(replies: ["RCPT": "550 5.1.1 no such user"]), .rejected),
            (.init(replies: ["RCPT": "450 4.2.1 greylisted"]), .deferred),
            (.init(replies: ["MAIL": "552 5.3.4 too big"]), .rejected),
            (.init(replies: ["MAIL": "530 5.7.0 log in first"]), .deferred),
            (.init(replies: ["DATA": "451 4.3.0 later"]), .deferred), (.init(message: "554 5.7.1 spam"), .rejected),
            (.init(message: "452 4.3.1 no room"), .deferred), (.init(greeting: "554 5.7.1 not you"), .deferred),
            (.init(greeting: "421 4.3.2 busy"), .deferred), (.init(message: nil), .unknown),
        ]
        for (script, expected) in cases {
            let receipt = try await send(script, dispatch())
            #expect(kind(receipt) == expected, "\(script) gave \(receipt)")
        }
    }

    @Test("a server that is not there, or whose name nobody knows, defers and shows in the mailbox's health")
    func noServer() async throws {
        try await Surroundings.with { surroundings in
            for host in ["127.0.0.1", "nowhere.invalid"] {
                let adapter = try surroundings.adapter("{address: a@hq.example, smtp: {host: \(host), port: 1}}")
                #expect(kind(try await adapter.deliver(dispatch())) == .deferred)
                guard case .failing = surroundings.health.status.state else {
                    Issue.record("expected the mailbox to fail")
                    return
                }
            }
        }
    }

    @Test("what mail cannot carry is rejected with a reason")
    func impossible() async throws {
        try await Surroundings.with { surroundings in
            let receiver = try surroundings.adapter("{address: a@hq.example}")
            #expect(
                try await receiver.deliver(dispatch())
                    == .rejected(reason: "the mailbox mail sends no mail: its settings have no smtp server"))
            let sender = try surroundings.adapter("{address: a@hq.example, smtp: {host: 127.0.0.1, port: 1}}")
            #expect(
                try await sender.deliver(dispatch { $0.kind = .retract })
                    == .rejected(reason: "a mail cannot be taken back"))
            #expect(
                try await sender.deliver(dispatch { $0.kind = .reaction }) == .rejected(reason: "mail has no reaction"))
            let nobody = Dispatch(
                number: 1, envelope: try dispatch().envelope, recipient: try Address(parsing: "mail:ann"),
                idempotencyKey: "k",
                attempt: 1)
            #expect(
                try await sender.deliver(nobody)
                    == .rejected(reason: "\"ann\" is no e-mail address; expected local@domain"))
        }
    }
}

@Suite("Settings of mailboxes")
struct EmailSettingsTests {
    @Test("the manifest can be read, and names its classes")
    func manifest() {
        let manifest = EmailAdapter.manifest
        #expect(manifest.name == "email" && manifest.abilities.receive && manifest.abilities.send)
        #expect(manifest.settings["smtp"] != nil && manifest.classes.count == 1)
    }

    @Test("defaults follow the kind of server")
    func defaults() throws {
        func port(_ smtp: String) throws -> UInt16? {
            try EmailSettings(settings("{address: a@HQ.example, smtp: {host: h\(smtp)}}"), router: "hq").smarthost?.port
        }
        #expect(try port("") == 25)
        #expect(try port(", tls: implicit") == 465)
        #expect(try port(", user: u, password: p") == 587)
        #expect(try port(", port: 2525") == 2525)
        let plain = try EmailSettings(settings("{address: a@HQ.example}"), router: "not a host")
        #expect(plain.hello == "hq.example" && plain.smarthost == nil && plain.address.address == "a@hq.example")
        #expect(plain.accepts.count == 1)
    }

    @Test(
        "wrong settings are told with their place",
        arguments: [
            ("{address: nobody}", "address"), ("{address: a@x, accepts: [\"a@\"]}", "accepts[0]"),
            ("{address: a@x, smtp: {host: h, user: u}}", "smtp.password"), ("{address: a@x, hello: \"a b\"}", "hello"),
        ])
    func wrong(yaml: String, path: String) throws {
        let given = try settings(yaml)
        let error = #expect(throws: AdapterError.self) { try EmailSettings(given, router: "hq.example") }
        #expect(error?.description.contains(path) == true, "\(String(describing: error))")
    }

    @Test(
        "patterns fit as they say",
        arguments: [
            ("support@hq.example", "Support@HQ.example", RecipientMatch.exact),
            ("support@hq.example", "support+x@hq.example", .exact),
            ("a+b@hq.example", "a+b@hq.example", .exact), ("support@hq.example", "sales@hq.example", nil),
            ("*@hq.example", "x@HQ.EXAMPLE", .domain),
            ("*@hq.example", "x@sub.hq.example", nil), ("*", "x@anywhere", .any),
            ("+x@hq.example", "+x@hq.example", .exact),
        ] as [(String, String, RecipientMatch?)])
    func patterns(pattern: String, recipient: String, expected: RecipientMatch?) throws {
        #expect(try #require(MailPattern(pattern)).match(MailRecipient(recipient)) == expected)
    }
}
