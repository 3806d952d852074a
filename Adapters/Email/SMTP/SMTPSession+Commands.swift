extension SMTPSession {
    mutating func handle(line: ArraySlice<UInt8>) {
        let command: SMTPCommand
        do throws(SMTPSyntaxError) {
            command = try SMTPCommand(parsing: line)
        } catch {
            reject(error.reply)
            if error == .chunk || error == .web { state = .closed }
            return
        }
        switch command {
        case .hello(let hello, let name): greet(hello, name: name)
        case .mail(let path, let parameters): beginMail(path, parameters)
        case .recipient(let path, let parameters): addRecipient(path, parameters)
        case .data: beginData()
        case .chunk(let size, let isLast): beginChunk(size: size, isLast: isLast)
        case .reset:
            resetTransaction()
            reply(ServerReply(250, "2.0.0", "ok"))
        case .startTLS: beginTLS()
        case .authenticate(let mechanism, let initial): beginLogin(mechanism, initial)
        case .noop: reply(ServerReply(250, "2.0.0", "ok"))
        case .verify: reply(ServerReply(252, "2.5.0", "send some mail, I will do my best"))
        case .help: reply(ServerReply(214, "2.0.0", "see RFC 5321"))
        case .quit:
            reply(ServerReply(221, "2.0.0", "bye"))
            state = .closed
        }
    }

    mutating func resetTransaction() {
        transaction = nil
        chunks = nil
        isInternational = false
    }

    mutating func reply(_ reply: ServerReply) {
        replies += reply.bytes
    }

    /// Replies to a wrong command, and ends a session that has nothing but those.
    mutating func reject(_ answer: ServerReply) {
        reply(answer)
        errors += 1
        if errors >= configuration.maximumErrors { giveUp() }
    }

    mutating func giveUp() {
        reply(ServerReply(421, "4.7.0", "too many errors"))
        state = .closed
    }

    private mutating func greet(_ kind: SMTPCommand.Hello, name: String) {
        guard (kind == .lhlo) == (configuration.dialect == .lmtp) else {
            let expected = configuration.dialect == .lmtp ? "LHLO" : "EHLO"
            return reject(ServerReply(500, "5.5.1", "expected \(expected)"))
        }
        resetTransaction()
        hello = name
        let greeting = "\(configuration.hostName) greets \(name)"
        guard kind != .helo else { return reply(ServerReply(250, nil, greeting)) }
        var lines = [
            greeting, "SIZE \(configuration.maximumMessage)", "PIPELINING", "8BITMIME", "SMTPUTF8", "CHUNKING",
            "ENHANCEDSTATUSCODES",
        ]
        if configuration.offersTLS, tls == nil { lines.append("STARTTLS") }
        if configuration.hasUsers, configuration.dialect == .smtp, tls != nil { lines.append("AUTH PLAIN LOGIN") }
        reply(ServerReply(250, nil, lines: lines + ["HELP"]))
    }

    private mutating func beginMail(_ path: SMTPPath, _ parameters: [SMTPParameter]) {
        guard let hello else { return reject(ServerReply(503, "5.5.1", "say hello first")) }
        guard transaction == nil else { return reject(ServerReply(503, "5.5.1", "a sender was named already")) }
        if let refusal = refusal(ofSender: path.address) { return reject(refusal) }
        var allowsInternational = false
        for parameter in parameters {
            switch (parameter.name, parameter.value) {
            case ("SMTPUTF8", nil): allowsInternational = true
            case ("BODY", let value?) where ["7BIT", "8BITMIME"].contains(value.uppercased()): break
            // Who else may have sent it: this server believes only its own users (RFC 4954 §5).
            case ("AUTH", _?) where tls != nil && configuration.hasUsers: break
            case ("SIZE", let value?):
                guard value.utf8.count <= 20, value.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else {
                    return reject(ServerReply(501, "5.5.4", "SIZE needs a number of bytes"))
                }
                // A number beyond all bounds is beyond ours.
                guard Int(value) ?? .max <= configuration.maximumMessage else { return reject(tooLarge) }
            default: return reject(ServerReply(555, "5.5.4", "unknown parameter \(parameter.name)"))
            }
        }
        guard allowsInternational || !path.isInternational else { return reject(needsInternational) }
        isInternational = allowsInternational
        transaction = MailTransaction(sender: path.address, recipients: [], hello: hello)
        transaction?.identity = identity
        transaction?.tls = tls
        reply(ServerReply(250, "2.1.0", "sender ok"))
    }

    private mutating func addRecipient(_ path: SMTPPath, _ parameters: [SMTPParameter]) {
        guard let current = transaction, chunks == nil else {
            return reject(ServerReply(503, "5.5.1", "name the sender first"))
        }
        if let parameter = parameters.first {
            return reject(ServerReply(555, "5.5.4", "unknown parameter \(parameter.name)"))
        }
        guard isInternational || !path.isInternational else { return reject(needsInternational) }
        guard current.recipients.count < configuration.maximumRecipients else {
            return reply(ServerReply(452, "4.5.3", "too many recipients; send the rest in another mail"))
        }
        guard verdict(path.address) == .accepted else {
            reply(ServerReply(550, "5.1.1", "no such mailbox here"))
            unknown += 1
            if unknown >= configuration.maximumUnknown { giveUp() }
            return
        }
        transaction?.recipients.append(path.address)
        reply(ServerReply(250, "2.1.5", "recipient ok"))
    }

    private var needsInternational: ServerReply {
        ServerReply(553, "5.6.7", "an address beyond ASCII needs SMTPUTF8")
    }

    var tooLarge: ServerReply {
        ServerReply(552, "5.3.4", "a message may have at most \(configuration.maximumMessage) bytes")
    }
}
