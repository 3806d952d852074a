// STARTTLS (RFC 3207) and AUTH (RFC 4954).

extension SMTPSession {
    /// To be called when TLS protects the connection: what was said before it does not count (RFC 3207 §4.2).
    ///
    /// - Parameter version: The version of the protocol, for the record.
    public mutating func secure(version: String) {
        discardInput()
        resetTransaction()
        hello = nil
        identity = nil
        tls = version
        state = .commands
    }

    mutating func beginTLS() {
        guard configuration.offersTLS else {
            return reject(ServerReply(502, "5.5.1", "STARTTLS is not implemented"))
        }
        guard tls == nil else { return reject(ServerReply(503, "5.5.1", "TLS is active already")) }
        guard transaction == nil else { return reject(ServerReply(503, "5.5.1", "not during a mail")) }
        reply(ServerReply(220, "2.0.0", "ready to start TLS"))
        // What came behind the command came in plain text, from anybody (CVE-2011-0411).
        discardInput()
        state = .startingTLS
    }

    mutating func beginLogin(_ mechanism: String, _ initial: ArraySlice<UInt8>?) {
        guard configuration.hasUsers, configuration.dialect == .smtp else {
            return reject(ServerReply(502, "5.5.1", "AUTH is not implemented"))
        }
        guard tls != nil else { return reject(ServerReply(538, "5.7.11", "a password needs TLS; use STARTTLS first")) }
        guard hello != nil else { return reject(ServerReply(503, "5.5.1", "say hello first")) }
        guard identity == nil else { return reject(ServerReply(503, "5.5.1", "you are logged in already")) }
        guard transaction == nil else { return reject(ServerReply(503, "5.5.1", "not during a mail")) }
        guard let exchange = SASLExchange(mechanism: mechanism) else {
            return reject(ServerReply(504, "5.5.4", "the mechanisms here are PLAIN and LOGIN"))
        }
        guard let initial else {
            state = .login(exchange)
            return ask(exchange.prompt)
        }
        // A single `=` is an empty response (RFC 4954 §4).
        take(initial.elementsEqual("=".utf8) ? [] : initial, in: exchange)
    }

    /// Takes the client's line in an exchange.
    mutating func handle(response line: ArraySlice<UInt8>, in exchange: SASLExchange) {
        state = .commands
        guard !line.elementsEqual("*".utf8) else { return reject(ServerReply(501, "5.0.0", "login cancelled")) }
        take(line, in: exchange)
    }

    private mutating func take(_ response: ArraySlice<UInt8>, in exchange: SASLExchange) {
        switch exchange.take(response) {
        case .ask(let prompt, let next):
            state = .login(next)
            ask(prompt)
        case .login(let login): judge(login)
        case .malformed: reject(ServerReply(501, "5.5.2", "the response cannot be decoded"))
        }
    }

    private mutating func ask(_ prompt: String) {
        reply(ServerReply(334, nil, prompt))
    }

    private mutating func judge(_ login: MailLogin) {
        switch authenticate(login) {
        case .accepted(let identity):
            self.identity = identity
            reply(ServerReply(235, "2.7.0", "welcome"))
        case .refused:
            reject(ServerReply(535, "5.7.8", "wrong name or password"))
            failedLogins += 1
            if failedLogins >= configuration.maximumLogins { giveUp() }
        case .tooMany:
            reply(ServerReply(421, "4.7.0", "too many wrong passwords; come back later"))
            state = .closed
        }
    }

    /// What keeps this client from naming a sender; nil for nothing.
    func refusal(ofSender address: String) -> ServerReply? {
        if let identity, !address.isEmpty, !identity.maySend(as: address) {
            return ServerReply(553, "5.7.1", "\(identity.name) may not send under this address")
        }
        guard configuration.requiresLogin, identity == nil else { return nil }
        return tls == nil
            ? ServerReply(530, "5.7.0", "use STARTTLS first, then log in") : ServerReply(530, "5.7.0", "log in first")
    }
}
