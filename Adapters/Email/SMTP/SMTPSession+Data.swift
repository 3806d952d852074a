extension SMTPSession {
    mutating func beginData() {
        guard chunks == nil else { return reject(ServerReply(503, "5.5.1", "the message comes in chunks already")) }
        guard hasRecipients() else { return }
        state = .data(MailDataDecoder(limit: configuration.maximumMessage, isStuffed: true))
        reply(ServerReply(354, nil, "end with <CRLF>.<CRLF>"))
    }

    mutating func beginChunk(size: Int, isLast: Bool) {
        if chunks == nil, transaction?.recipients.isEmpty == false {
            chunks = MailDataDecoder(limit: configuration.maximumMessage, isStuffed: false)
        }
        // The bytes come whether they are wanted or not (RFC 3030 §2); what is too much to read over ends the session.
        guard size <= configuration.maximumMessage * 2 else {
            reply(tooLarge)
            state = .closed
            return
        }
        state = .chunk(remaining: size, isLast: isLast)
    }

    mutating func takeChunk(_ piece: ArraySlice<UInt8>, remaining: Int, isLast: Bool) {
        if chunks != nil { _ = chunks?.receive(piece) }
        guard remaining == 0 else { return state = .chunk(remaining: remaining, isLast: isLast) }
        state = .commands
        guard var decoder = chunks else {
            _ = hasRecipients()
            return
        }
        if decoder.fault == .tooLarge, !isLast {
            resetTransaction()
            return reply(tooLarge)
        }
        guard isLast else { return reply(ServerReply(250, "2.0.0", "\(decoder.message.count) bytes so far")) }
        decoder.end()
        finishMessage(decoder)
    }

    mutating func finishMessage(_ decoder: MailDataDecoder) {
        state = .commands
        guard var mail = transaction else { return }
        resetTransaction()
        if let refusal = refusal(of: decoder.fault) {
            // LMTP answers for every recipient, whatever the reason (RFC 2033 §4.2).
            let count = configuration.dialect == .lmtp ? mail.recipients.count : 1
            for _ in 0..<count { reply(refusal) }
            return
        }
        mail.message = decoder.message
        delivery = mail
        state = .delivering
    }

    /// A client that goes on for ever beyond the limit is not listened to until the end.
    mutating func hangUpOnFlood(_ decoder: MailDataDecoder) {
        guard decoder.received > configuration.maximumMessage * 2 + 65_536 else { return }
        reply(tooLarge)
        state = .closed
    }

    private func refusal(of fault: MailDataDecoder.Fault?) -> ServerReply? {
        switch fault {
        case nil: nil
        case .tooLarge: tooLarge
        case .bareLineEnd: ServerReply(550, "5.6.0", "a line of the message ends with a bare CR or LF")
        case .lineTooLong:
            ServerReply(550, "5.6.0", "a line of the message has more than \(MailDataDecoder.maximumLine) bytes")
        }
    }

    /// Whether there is somebody to send to; if not, the client has been told.
    private mutating func hasRecipients() -> Bool {
        guard let transaction else {
            reject(ServerReply(503, "5.5.1", "name the sender first"))
            return false
        }
        guard !transaction.recipients.isEmpty else {
            let code = configuration.dialect == .lmtp ? 503 : 554
            reject(ServerReply(code, "5.5.1", "no valid recipients"))
            return false
        }
        return true
    }
}
