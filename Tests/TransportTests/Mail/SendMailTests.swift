import Synchronization
import Testing
import Transport

/// Sends one mail to a scripted server, and returns what came of it.
private func send(
    _ script: MailScript, to recipients: [String] = ["ann@example.org"],
    _ change: @escaping @Sendable (inout SMTPRequest) -> Void = { _ in },
    check: @escaping (Result<SMTPResponse, SMTPError>, ScriptedMailServer) async throws -> Void
) async throws {
    let server = ScriptedMailServer(script)
    try await withListener(serve: { await server.serve($0) }) { listener, group in
        let client = HTTPClient(group: group)
        var request = mail(to: recipients, at: listener)
        change(&request)
        let result: Result<SMTPResponse, SMTPError>
        do throws(SMTPError) {
            result = .success(try await client.sendMail(request))
        } catch {
            result = .failure(error)
        }
        try await check(result, server)
        client.shutdown()
    }
}

private func mail(to recipients: [String], at listener: Listener) -> SMTPRequest {
    SMTPRequest(
        host: "127.0.0.1", port: listener.localAddress.port ?? 0, security: .none, heloName: "hq.example",
        sender: "bo@hq.example", recipients: recipients,
        message: Array("Subject: hi\r\n\r\n.dot\r\nbye\r\n".utf8), timeout: .seconds(20))
}

@Suite struct SendMailTests {
    @Test("a mail arrives whole, and the reply tells the queue id")
    func arrives() async throws {
        try await send(MailScript(), to: ["ann@example.org", "cy@example.org"]) { result, server in
            let response = try result.get()
            #expect(response.reply == SMTPReply(code: 250, text: "2.0.0 queued as 42"))
            #expect(response.recipients.map(\.reply.code) == [250, 250])
            #expect(response.refused.isEmpty)
            #expect(server.message.withLock { $0 } == "Subject: hi\n\n..dot\nbye\n")
            let commands = server.commands.withLock { $0 }
            #expect(commands.first == "EHLO hq.example")
            #expect(commands.contains { $0.hasPrefix("MAIL FROM:<bo@hq.example>") })
        }
    }

    @Test("a bounce has the empty reverse path")
    func bounce() async throws {
        try await send(MailScript(), { $0.sender = "" }) { result, server in
            _ = try result.get()
            #expect(server.commands.withLock { $0.contains { $0.hasPrefix("MAIL FROM:<>") } })
        }
    }

    @Test("of several recipients the refused ones are told with their replies, and the rest get the mail")
    func someRefused() async throws {
        let script = MailScript(recipients: ["no@example.org": .reply("550-5.1.1 no\r\n550 5.1.1 such user")])
        try await send(script, to: ["ann@example.org", "no@example.org", "cy@example.org"]) { result, _ in
            let response = try result.get()
            #expect(response.recipients.map(\.reply.code) == [250, 550, 250])
            let refused = try #require(response.refused.first)
            #expect(refused.recipient == "no@example.org")
            #expect(refused.reply.text == "5.1.1 no\n5.1.1 such user")
            #expect(refused.reply.enhancedCode == "5.1.1")
        }
    }

    @Test("a server that says no is told from one that says not now", arguments: [451, 550])
    func rejected(code: Int) async throws {
        let no = MailScript.Answer.reply("\(code) no")
        let scripts: [(MailScript, SMTPStage)] = [
            (MailScript(greeting: no), .greeting), (MailScript(sender: no), .sender),
            (MailScript(recipients: ["ann@example.org": no]), .recipient), (MailScript(data: no), .data),
            (MailScript(message: no), .message),
        ]
        for (script, stage) in scripts {
            try await send(script) { result, _ in
                guard case .failure(.rejected(let at, let reply, let recipients)) = result else {
                    Issue.record("\(stage): \(result)")
                    return
                }
                #expect(at == stage)
                #expect(reply == SMTPReply(code: code, text: "no"))
                #expect(reply.isTransient == (code == 451))
                #expect(recipients.count == (stage == .greeting || stage == .sender ? 0 : 1))
            }
        }
    }

    @Test("a connection lost before the message's end is certain, one lost after it is unknown")
    func lost() async throws {
        let scripts = [
            (MailScript(greeting: .close), false), (MailScript(sender: .close), false),
            (MailScript(data: .close), false), (MailScript(message: .close), true),
        ]
        for (script, isUnknown) in scripts {
            try await send(script) { result, _ in
                guard case .failure(let error) = result else {
                    Issue.record("\(result)")
                    return
                }
                #expect(error.messageWasSent == isUnknown, "\(error)")
            }
        }
    }

    @Test("a connection lost after a recipient was refused is not a refusal of the mail")
    func lostAfterRefusal() async throws {
        let script = MailScript(recipients: ["no@example.org": .reply("550 no")], data: .close)
        try await send(script, to: ["ann@example.org", "no@example.org"]) { result, _ in
            guard case .failure(.connectionLost(_, .data, _, false)) = result else {
                Issue.record("\(result)")
                return
            }
        }
    }

    @Test("a server that stays silent after the message leaves it unknown")
    func silentAfterMessage() async throws {
        try await send(MailScript(message: .silence), { $0.timeout = .seconds(1) }) { result, _ in
            guard case .failure(.timedOut(_, .message, true)) = result else {
                Issue.record("\(result)")
                return
            }
        }
    }

    @Test("a server that never answers QUIT holds up neither the mail nor the loop")
    func silentAtQuit() async throws {
        let time = try await ContinuousClock().measure {
            try await send(MailScript(quit: .silence)) { result, _ in
                let response = try result.get()
                #expect(response.reply.code == 250)
            }
        }
        // curl would wait two minutes.
        #expect(time < .seconds(20))
    }

    @Test("credentials are used, and are not in the error when they are wrong")
    func authentication() async throws {
        let credentials = SMTPCredentials(user: "bo", password: "s3cret")
        try await send(MailScript(), { $0.credentials = credentials }) { result, server in
            _ = try result.get()
            #expect(server.commands.withLock { $0.contains { $0.hasPrefix("AUTH PLAIN") } })
        }
        let script = MailScript(authentication: .reply("535 5.7.8 bad"))
        try await send(script, { $0.credentials = credentials }) { result, _ in
            guard case .failure(.rejected(.authentication, let reply, _)) = result else {
                Issue.record("\(result)")
                return
            }
            #expect(reply.code == 535)
            #expect(!"\(result) \(credentials)".contains("s3cret"))
        }
    }

    @Test("a mail that needs TLS is not sent without")
    func needsTLS() async throws {
        try await send(MailScript(), { $0.security = .startTLS }) { result, server in
            guard case .failure(.insecure) = result else {
                Issue.record("\(result)")
                return
            }
            #expect(server.commands.withLock { !$0.contains { $0.hasPrefix("MAIL") } })
        }
    }

    @Test(
        "an address that would begin another command is refused",
        arguments: ["a@b\r\nRCPT TO:<c@d>", "a@b> <c@d", "", "a b@c", "a@b\u{0}"])
    func injection(address: String) async throws {
        try await send(MailScript(), to: [address]) { result, server in
            guard case .failure(.invalidRequest) = result else {
                Issue.record("\(result)")
                return
            }
            #expect(server.commands.withLock { $0.isEmpty })
        }
    }

    @Test("a cancelled mail ends at once")
    func cancelled() async throws {
        let server = ScriptedMailServer(MailScript(message: .silence))
        try await withListener(serve: { await server.serve($0) }) { listener, group in
            let client = HTTPClient(group: group)
            let request = mail(to: ["ann@example.org"], at: listener)
            let sending = Task { try await client.sendMail(request) }
            for await _ in server.silences { break }
            sending.cancel()
            await #expect(throws: SMTPError.cancelled(messageWasSent: true)) { try await sending.value }
            client.shutdown()
        }
    }
}
