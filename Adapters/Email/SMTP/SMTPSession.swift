/// The server's side of one SMTP or LMTP connection, without the connection: bytes in, replies and actions out
/// (RFC 5321, 2033, 2034, 1870, 2920, 3030, 6152, 6531).
///
/// Commands may come in one batch; each is answered in its turn. While a mail is being delivered nothing else is answered.
public struct SMTPSession: Sendable {
    enum State: Sendable {
        case commands
        case data(MailDataDecoder)
        case chunk(remaining: Int, isLast: Bool)
        case login(SASLExchange)
        case startingTLS
        case delivering
        case closed
    }

    /// The most bytes of a command line: RFC 5321 §4.5.3.1.4 says 512, extensions add to that.
    static let maximumCommand = 2_048

    let configuration: SMTPConfiguration
    let verdict: @Sendable (String) -> RecipientVerdict
    let authenticate: @Sendable (MailLogin) -> LoginVerdict
    var state = State.commands
    var hello: String?
    var transaction: MailTransaction?
    /// The message of a transaction that comes in chunks.
    var chunks: MailDataDecoder?
    var isInternational = false
    var errors = 0
    var unknown = 0
    var failedLogins = 0
    /// Who has logged in.
    var identity: MailIdentity?
    /// The version of TLS that protects the connection.
    var tls: String?
    private var input: [UInt8] = []
    private var position = 0
    private var isSkippingLine = false
    var replies: [UInt8] = []
    var delivery: MailTransaction?

    /// Creates a session.
    ///
    /// - Parameters:
    ///   - configuration: How the server presents itself.
    ///   - verdict: Whether a recipient is known.
    ///   - authenticate: Whether a login is right.
    public init(
        configuration: SMTPConfiguration, verdict: @escaping @Sendable (String) -> RecipientVerdict,
        authenticate: @escaping @Sendable (MailLogin) -> LoginVerdict = { _ in .refused }
    ) {
        self.configuration = configuration
        self.verdict = verdict
        self.authenticate = authenticate
    }

    /// The greeting that a new connection gets.
    public var greeting: [UInt8] {
        let dialect = configuration.dialect == .smtp ? "ESMTP" : "LMTP"
        return ServerReply(220, nil, "\(configuration.hostName) \(dialect) ready").bytes
    }

    /// Whether the client is between two mails.
    public var isIdle: Bool {
        if case .commands = state { transaction == nil } else { false }
    }

    /// Whether a message is coming in, for which the client has less time than for a command.
    public var isReceivingMessage: Bool {
        switch state {
        case .data, .chunk: true
        case .commands, .login, .startingTLS, .delivering, .closed: false
        }
    }

    /// How many bytes of messages the session holds.
    public var bufferedBytes: Int {
        let chunked = chunks?.message.count ?? 0
        if case .data(let decoder) = state { return decoder.message.count + chunked }
        return chunked
    }

    /// Takes what the client sent.
    public mutating func receive(_ bytes: [UInt8]) -> SMTPStep {
        if position > 0 {
            input.removeFirst(position)
            position = 0
        }
        input += bytes
        return proceed()
    }

    /// Answers the mail that was to be delivered: one reply, for LMTP one for each recipient.
    public mutating func finish(_ results: [ServerReply]) -> SMTPStep {
        guard case .delivering = state else { return proceed() }
        state = .commands
        for result in results { replies += result.bytes }
        // A server that is stopping says so once and hangs up.
        if results.contains(where: { $0.code == 421 }) { state = .closed }
        return proceed()
    }

    mutating func discardInput() {
        input = []
        position = 0
        isSkippingLine = false
    }

    /// What the client is told before the listener hangs up on it.
    public mutating func hangUp(_ reply: ServerReply) -> SMTPStep {
        replies += reply.bytes
        state = .closed
        return takeStep()
    }

    private mutating func proceed() -> SMTPStep {
        while advance() {}
        return takeStep()
    }

    private mutating func takeStep() -> SMTPStep {
        defer {
            replies = []
            delivery = nil
        }
        if let delivery { return SMTPStep(replies: replies, action: .deliver(delivery)) }
        if case .closed = state { return SMTPStep(replies: replies, action: .close) }
        if case .startingTLS = state { return SMTPStep(replies: replies, action: .startTLS) }
        return SMTPStep(replies: replies, action: .read)
    }

    /// Handles the next piece of input; `false` when there is none or it is not its turn.
    private mutating func advance() -> Bool {
        switch state {
        case .delivering, .closed, .startingTLS: return false
        case .login(let exchange):
            guard let line = takeLine() else { return false }
            handle(response: line, in: exchange)
            return true
        case .commands:
            guard let line = takeLine() else { return false }
            handle(line: line)
            return true
        case .data(var decoder):
            guard position < input.count else { return false }
            state = .delivering
            let (consumed, isComplete) = decoder.receive(input[position...])
            position += consumed
            state = .data(decoder)
            if isComplete { finishMessage(decoder) } else { hangUpOnFlood(decoder) }
            return true
        case .chunk(let remaining, let isLast):
            guard position < input.count || remaining == 0 else { return false }
            let piece = input[position...].prefix(remaining)
            position += piece.count
            takeChunk(piece, remaining: remaining - piece.count, isLast: isLast)
            return true
        }
    }

    /// The next line without its end; `nil` when it has not come yet, or was no line to be handled.
    private mutating func takeLine() -> ArraySlice<UInt8>? {
        while position < input.count {
            guard let feed = input[position...].firstIndex(of: 0x0A) else {
                if input.count - position > Self.maximumCommand {
                    isSkippingLine = true
                    position = input.count
                }
                return nil
            }
            let line = input[position..<feed]
            position = feed + 1
            if isSkippingLine || line.count > Self.maximumCommand {
                isSkippingLine = false
                reject(ServerReply(500, "5.5.2", "the line is too long"))
            } else if line.last != 0x0D || line.dropLast().contains(0x0D) || line.contains(0) {
                reject(ServerReply(500, "5.5.2", "a line ends with CR LF"))
            } else {
                return line.dropLast()
            }
            if case .closed = state { return nil }
        }
        return nil
    }
}
