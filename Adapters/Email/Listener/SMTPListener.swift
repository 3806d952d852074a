import Clocks
public import Logging
import Messages
import Synchronization
public import Transport

/// Takes mail for all mailboxes of a router on one address, by SMTP or LMTP.
///
/// ```swift
/// let listener = try await SMTPListener.bind(to: address, on: group, options: options, logger: logger)
/// listener.update(receivers: mailboxes)
/// await listener.run()
/// ```
public final class SMTPListener: Sendable {
    private let listener: Listener
    private let options: SMTPListenerOptions
    private let logger: Logger
    private let desk: Mutex<MailDesk>
    private let accounts = Mutex(MailAccounts())
    private let door: MailDoor
    /// The bytes of the messages that are coming in.
    private let buffered = Atomic<Int>(0)

    private init(_ listener: Listener, _ options: SMTPListenerOptions, _ door: MailDoor, _ logger: Logger) {
        self.listener = listener
        self.door = door
        self.options = options
        self.logger = logger
        desk = Mutex(MailDesk(router: options.router, dialect: options.dialect))
    }

    /// Binds and listens; connections wait until ``run()``, and every recipient is unknown until ``update(receivers:)``.
    ///
    /// - Parameters:
    ///   - address: Where to listen.
    ///   - group: The loops that serve the clients.
    ///   - options: How to work.
    ///   - door: What stands between clients and the mail: proxies and TLS.
    ///   - sockets: Keeps the sockets, as `Listener.bind` says.
    ///   - name: What a service manager may call them.
    ///   - logger: Is told of mails and of what goes wrong.
    /// - Returns: A listener to run once.
    /// - Throws: `TransportError` when the address cannot be had.
    public static func bind(
        to address: SocketAddress, on group: EventLoopGroup, options: SMTPListenerOptions,
        door: MailDoor = MailDoor(), sockets: ListeningSockets? = nil, name: String? = nil, logger: Logger
    ) async throws(TransportError) -> SMTPListener {
        let limits = ListenerOptions(maximalConnections: options.maximumConnections)
        let listener = try await Listener.bind(
            to: address, on: group, options: limits, sockets: sockets, name: name, logger: logger)
        return SMTPListener(listener, options, door, logger)
    }

    /// Where it listens, with the port the system chose if 0 was asked for.
    public var localAddress: SocketAddress { listener.localAddress }

    /// Replaces the mailboxes, in the order of routes.yaml; mails that are coming in find the new ones.
    public func update(receivers: [any MailReceiver]) {
        desk.withLock { $0.receivers = receivers }
    }

    /// Replaces the users who may log in; there is no login without TLS.
    public func update(users: [MailUser]) {
        accounts.withLock { $0.update(users) }
    }

    /// Takes mail until ``shutdown(within:)`` or cancellation.
    public func run() async {
        await listener.run { await self.serve($0) }
    }

    /// Takes no new mail, lets the mails that are coming in end, and returns when they have or the time is over.
    ///
    /// - Parameters:
    ///   - time: How long they may take.
    ///   - idleGrace: How long a client may still begin a mail, as `Listener.shutdown` says.
    public func shutdown(within time: Duration, idleGrace: Duration = .zero) async {
        await listener.shutdown(within: time, idleGrace: idleGrace)
    }
}

// MARK: - One connection

extension SMTPListener {
    private var currentDesk: MailDesk { desk.withLock { $0 } }

    private func serve(_ connection: Connection) async {
        guard let gate = door.gate else { return await take(from: connection) }
        if let stream = await gate.open(connection) { await take(from: stream) }
    }

    private func take(from stream: any ByteStream) async {
        var configuration = SMTPConfiguration(
            hostName: options.router, dialect: options.dialect, maximumMessage: options.maximumMessage)
        configuration.offersTLS = door.protection.isOffered
        configuration.hasUsers = accounts.withLock { !$0.isEmpty }
        configuration.requiresLogin = options.requiresLogin
        let client = stream.remoteAddress
        var session = SMTPSession(configuration: configuration) { [self] in
            currentDesk.verdict($0)
        } authenticate: { [self] in
            judge($0, from: client)
        }
        do throws(TransportError) {
            try await converse(&session, stream)
        } catch {
            // The client is gone; what it was not told it will repeat.
            logger.debug("mail client lost", ["client": client, "error": error])
        }
    }

    private func judge(_ login: MailLogin, from client: SocketAddress) -> LoginVerdict {
        let now = door.clock.now.seconds
        let (verdict, isKnown) = accounts.withLock { accounts in
            (accounts.verdict(login, from: MailAccounts.Client(client), now: now), accounts.knows(login.name))
        }
        if case .accepted(let identity) = verdict {
            logger.debug("mail login", ["client": client, "user": identity.name])
        } else {
            // What is no user's name may be a password.
            logger.warning(
                "mail login refused",
                [
                    "client": client, "user": isKnown ? login.name : "unknown",
                    "reason": verdict == .tooMany ? "too many failures" : "wrong",
                ])
        }
        return verdict
    }

    private func converse(_ session: inout SMTPSession, _ plain: any ByteStream) async throws(TransportError) {
        var stream = plain
        if case .implicit(let tls) = door.protection { stream = try await secure(&session, stream, tls) }
        try await stream.write(session.greeting, timeout: options.commandTimeout)
        var held = 0
        defer { buffered.subtract(held, ordering: .relaxed) }
        while true {
            var step = try await next(&session, stream)
            if hold(session.bufferedBytes, instead: &held) > options.maximumBuffered, !session.isIdle, held > 0 {
                step = session.hangUp(ServerReply(421, "4.3.1", "too much mail is coming in; come back later"))
            }
            while case .deliver(let mail) = step.action {
                hold(mail.message.count, instead: &held)
                if !step.replies.isEmpty { try await stream.write(step.replies, timeout: options.commandTimeout) }
                step = session.finish(await deliver(mail, stream))
                hold(session.bufferedBytes, instead: &held)
            }
            if !step.replies.isEmpty { try await stream.write(step.replies, timeout: options.commandTimeout) }
            switch step.action {
            case .close: return try await stream.shutdownWriting()
            case .startTLS:
                guard case .startTLS(let tls) = door.protection else { return }
                stream = try await secure(&session, stream, tls)
            case .read, .deliver: break
            }
        }
    }

    private func secure(
        _ session: inout SMTPSession, _ stream: any ByteStream, _ tls: TLSServerContext
    ) async throws(TransportError) -> any ByteStream {
        let stream = try await tls.accept(stream)
        session.secure(version: stream.security?.version.rawValue ?? "TLS")
        return stream
    }

    /// Counts what a connection holds, and gives what all of them hold.
    @discardableResult
    private func hold(_ bytes: Int, instead held: inout Int) -> Int {
        defer { held = bytes }
        return buffered.add(bytes - held, ordering: .relaxed).newValue
    }

    /// Waits for what the client sends next, or for a reason to hang up.
    private func next(_ session: inout SMTPSession, _ stream: any ByteStream) async throws(TransportError) -> SMTPStep {
        let timeout = session.isReceivingMessage ? options.dataTimeout : options.commandTimeout
        do throws(TransportError) {
            guard
                let bytes = try await stream.read(
                    max: 65_536, timeout: timeout, endsWhenDraining: session.isIdle)
            else {
                guard stream.isDraining else { throw .closed }
                return session.hangUp(ServerReply(421, "4.3.2", "\(options.router) is stopping; come back later"))
            }
            return session.receive(bytes)
        } catch {
            guard case .timedOut = error else { throw error }
            return session.hangUp(ServerReply(421, "4.4.2", "\(options.router) has waited long enough"))
        }
    }

    private func deliver(_ mail: MailTransaction, _ stream: any ByteStream) async -> [ServerReply] {
        let client = stream.remoteAddress.ip.map { "\($0)" } ?? "\(stream.remoteAddress)"
        let replies = await currentDesk.deliver(mail, client: client)
        for (recipient, reply) in zip(mail.recipients, replies) {
            logger.info(
                reply.code == 250 ? "mail accepted" : "mail not accepted",
                [
                    "client": client, "sender": mail.sender, "recipient": recipient,
                    "recipients": mail.recipients.count,
                    "bytes": mail.message.count, "reply": "\(reply.code) \(reply.status ?? "") \(reply.lines[0])",
                ])
        }
        return replies
    }
}
