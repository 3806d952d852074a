public import Logging
import Synchronization

/// Listens on a TCP or Unix address and runs a task for each connection on one of the group's loops, in turn.
///
/// ```swift
/// let listener = try await Listener.bind(to: address, on: group, logger: logger)
/// await listener.run { connection in … }
/// ```
public final class Listener: Sendable {
    /// Where it listens, with the port the system chose if 0 was asked for.
    public let localAddress: SocketAddress
    /// The loops that the connections are spread over.
    public let group: EventLoopGroup

    private let options: ListenerOptions
    private let logger: Logger
    private let state: Mutex<ListenerState>
    private let acceptorLoop: EventLoop

    private init(_ socket: ListeningSocket, _ group: EventLoopGroup, _ options: ListenerOptions, _ logger: Logger) {
        localAddress = socket.address
        self.group = group
        self.options = options
        self.logger = logger
        acceptorLoop = group.next()
        state = Mutex(ListenerState(socket: socket))
    }

    /// Binds and listens; connections wait in the kernel until ``run(_:)``.
    ///
    /// For a Unix socket the file gets the mode of the options from its first moment, a file that a dead process left
    /// is replaced, and the file is removed at the end.
    ///
    /// - Throws: `TransportError.addressInUse`, or `.system` with what the system said.
    public static func bind(
        to address: SocketAddress, on group: EventLoopGroup, options: ListenerOptions = ListenerOptions(),
        logger: Logger
    ) async throws(TransportError) -> Listener {
        try Listener(ListeningSocket(address, options), group, options, logger)
    }

    /// How many connections are open.
    public var connectionCount: Int {
        state.withLock { $0.connections.count }
    }

    /// Accepts connections and runs the body for each, on the connection's loop, until ``shutdown(within:)`` or
    /// cancellation.
    ///
    /// Returns when all bodies have. A connection is closed when its body returns. Cancelling the task cancels the
    /// bodies at once. Runs once; a second call returns at once.
    public func run(_ body: @escaping @Sendable (Connection) async -> Void) async {
        guard let (stream, deadline) = start() else { return }
        await withTaskGroup(of: Void.self) { tasks in
            tasks.addTask(executorPreference: acceptorLoop) { await self.serve(stream, body) }
            tasks.addTask(executorPreference: acceptorLoop) { await self.waitForDeadline(deadline) }
            // Whatever ends first: all connections, or the time they were given.
            await tasks.next()
            tasks.cancelAll()
        }
        await stopAccepting()
        for waiter in state.withLock({ $0.end() }) { waiter.resume() }
    }

    /// Stops accepting, asks the connections to finish, and returns when they have or the time is over and they are cut
    /// off.
    public func shutdown(within time: Duration) async {
        await stopAccepting()
        let connections = state.withLock { $0.drain(within: time) }
        for connection in connections { connection.drain() }
        await withCheckedContinuation { continuation in
            state.withLock { $0.waitForEnd(continuation) }
        }
    }
}

// MARK: - Accepting

extension Listener {
    private func start() -> (AsyncStream<AcceptedSocket>, AsyncStream<Duration>)? {
        guard let (socket, deadline) = state.withLock({ $0.begin() }) else { return nil }
        let (stream, queue) = AsyncStream<AcceptedSocket>.makeStream()
        let accepted = acceptorLoop.perform { [self] in
            let acceptor = Acceptor(
                socket, loop: acceptorLoop,
                accepted: { [self] socket in
                    let more = state.withLock { $0.countIn(limit: options.maximalConnections) }
                    queue.yield(socket)
                    return more
                },
                failed: { [logger, localAddress] code in
                    logger.warning(
                        "cannot accept", ["address": localAddress, "error": TransportError.text(of: code)])
                })
            do throws(TransportError) {
                try acceptor.start()
            } catch {
                logger.error("cannot listen", ["address": localAddress, "error": error])
                queue.finish()
                return
            }
            let isLate = state.withLock { $0.accept(with: LoopBound(acceptor, to: acceptorLoop), queue) }
            if isLate { acceptor.close() }
        }
        if !accepted { queue.finish() }
        return (stream, deadline)
    }

    /// Gives the address up, and returns when it is free.
    private func stopAccepting() async {
        guard let acceptor = state.withLock({ $0.takeAcceptor() }) else { return }
        await withCheckedContinuation { continuation in
            let accepted = acceptor.loop.perform {
                acceptor.value.close()
                continuation.resume()
            }
            if !accepted { continuation.resume() }
        }
    }

    private func serve(
        _ sockets: AsyncStream<AcceptedSocket>, _ body: @escaping @Sendable (Connection) async -> Void
    ) async {
        await withDiscardingTaskGroup { tasks in
            // In turn by a count of its own: with the group's, others that take turns would leave some loops out.
            var count = 0
            for await socket in sockets {
                let loop = group.loops[count % group.loops.count]
                count &+= 1
                tasks.addTask(executorPreference: loop) { await self.handle(socket, on: loop, body) }
            }
        }
    }

    private func handle(
        _ socket: AcceptedSocket, on loop: EventLoop, _ body: @Sendable (Connection) async -> Void
    ) async {
        defer { release() }
        let connection: Connection
        do throws(TransportError) {
            connection = try open(socket, on: loop)
        } catch {
            logger.debug("connection lost", ["address": localAddress, "error": error])
            return
        }
        let isDraining = state.withLock { $0.add(connection) }
        if isDraining { connection.drain() }
        await body(connection)
        connection.close()
        state.withLock { $0.remove(connection) }
    }

    private func open(_ socket: AcceptedSocket, on loop: EventLoop) throws(TransportError) -> Connection {
        guard loop.inLoop else { throw .loopStopped(name: loop.name) }
        return try Connection.adopt(socket.take(), isUnix: localAddress.isUnix, on: loop)
    }

    private func release() {
        guard let acceptor = state.withLock({ $0.countOut(limit: options.maximalConnections) }) else { return }
        acceptor.loop.perform { acceptor.value.resume() }
    }

    private func waitForDeadline(_ deadline: AsyncStream<Duration>) async {
        for await time in deadline {
            do {
                try await acceptorLoop.sleep(for: time)
            } catch {
                // Cancelled: all connections have ended in time.
                return
            }
            logger.warning("connections cut off", ["address": localAddress, "count": connectionCount])
            return
        }
    }
}
