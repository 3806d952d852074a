public import Logging
import Synchronization

/// Listens on a TCP or Unix address and runs a task for each connection on one of the group's loops.
///
/// ```swift
/// let listener = try await Listener.bind(to: address, on: group, logger: logger)
/// await listener.run { connection in … }
/// ```
/// A TCP address has a listening socket for each loop (`SO_REUSEPORT`), between which the kernel spreads the
/// connections. Each lives on the loop that accepted it, or on another that has clearly fewer. Where there is but one
/// socket, the loops take turns.
public final class Listener: Sendable {
    /// Where it listens, with the port the system chose if 0 was asked for.
    public let localAddress: SocketAddress
    /// The loops that the connections are spread over.
    public let group: EventLoopGroup

    let logger: Logger
    let quota: ListenerQuota
    let balance: ConnectionBalance
    private let fault: AcceptFault?
    private let state: Mutex<ListenerState>

    private init(
        _ sockets: [ListeningSocket], _ group: EventLoopGroup, _ options: ListenerOptions, _ logger: Logger,
        _ fault: AcceptFault?
    ) {
        localAddress = sockets[0].address
        self.group = group
        self.logger = logger
        self.fault = fault
        quota = ListenerQuota(limit: options.maximalConnections)
        balance = ConnectionBalance(loops: group.loops.count, takesTurns: sockets.count < group.loops.count)
        state = Mutex(ListenerState(sockets: sockets))
    }

    /// Binds and listens; connections wait in the kernel until ``run(_:)``.
    ///
    /// For a Unix socket the file gets the mode of the options from its first moment, a file that a dead process left
    /// is replaced, and the file is removed at the end.
    ///
    /// - Parameters:
    ///   - address: Where to listen.
    ///   - group: The loops that serve the connections.
    ///   - options: How to listen.
    ///   - sockets: Keeps the sockets beyond the listener's end, and has those that were inherited; nil for neither.
    ///   - name: What the service manager may call the address's socket.
    ///   - logger: Is told of what goes wrong.
    /// - Returns: A listener to run once.
    /// - Throws: `TransportError.addressInUse`, or `.system` with what the system said.
    public static func bind(
        to address: SocketAddress, on group: EventLoopGroup, options: ListenerOptions = ListenerOptions(),
        sockets: ListeningSockets? = nil, name: String? = nil, logger: Logger
    ) async throws(TransportError) -> Listener {
        try bind(to: address, on: group, options: options, sockets: sockets, name: name, logger: logger, fault: nil)
    }

    /// Binds and listens; accepting fails as a test says.
    package static func bind(
        to address: SocketAddress, on group: EventLoopGroup, options: ListenerOptions = ListenerOptions(),
        sockets: ListeningSockets? = nil, name: String? = nil, logger: Logger, fault: AcceptFault?
    ) throws(TransportError) -> Listener {
        let count = group.loops.count
        let bound =
            if let sockets {
                try sockets.take(for: address, name: name, options, count: count)
            } else {
                try ListeningSocket.open(address, options, count: count)
            }
        return Listener(bound, group, options, logger, fault)
    }

    /// How many connections are open.
    public var connectionCount: Int { quota.count }

    /// Accepts connections and runs the body for each, on the connection's loop, until ``shutdown(within:idleGrace:)`` or
    /// cancellation.
    ///
    /// Returns when all bodies have, or `shutdown` has given them up. A connection is closed when its body returns.
    /// Cancelling the task cancels the bodies at once. Runs once; a second call returns at once.
    public func run(_ body: @escaping @Sendable (Connection) async -> Void) async {
        guard begin(body) else { return }
        await withTaskCancellationHandler {
            _ = await ends(within: nil)
        } onCancel: {
            onPosts { $0.cancel() }
        }
    }

    /// Hands the sockets to the loops and keeps none, so that they close when the loops let go of them; false when it has
    /// been done before.
    private func begin(_ body: @escaping @Sendable (Connection) async -> Void) -> Bool {
        let posts = group.loops.enumerated().map { index, loop in
            LoopBound(ListenerPost(loop: loop, listener: self, index: index), to: loop)
        }
        guard let sockets = state.withLock({ $0.begin(posts) }) else { return false }
        let fault = self.fault
        for (index, post) in posts.enumerated() {
            let own = sockets.enumerated().filter { $0.offset % posts.count == index }.map(\.element)
            let accepted = post.loop.execute { post.value.begin(own, siblings: posts, fault, body) }
            if !accepted { postEnded() }
        }
        return true
    }

    /// Stops accepting, asks the connections to finish, and returns when they have or the time is over.
    ///
    /// When the time is over their tasks are cancelled. Bodies that do not end even then within ``cancellationGrace``
    /// are given up: their connections are closed, the log says how many there were, and `run` returns without them.
    ///
    /// - Parameters:
    ///   - time: How long the connections may take.
    ///   - idleGrace: How long a connection on which nothing is under way may still bring a request, so that none is lost
    ///     that crosses the closing on its way; at most `time`.
    public func shutdown(within time: Duration, idleGrace: Duration = .zero) async {
        await stopAccepting()
        guard state.withLock({ $0.drain() }) else { return }
        onPosts { $0.drain() }
        let idleGrace = min(idleGrace, time)
        if idleGrace > .zero, await ends(within: idleGrace) { return }
        onPosts { $0.endIdle() }
        if time > .zero {
            if await ends(within: time - idleGrace) { return }
            logger.warning("connections cut off", ["address": localAddress, "count": connectionCount])
        }
        onPosts { $0.cancel() }
        if await ends(within: Self.cancellationGrace) { return }
        logger.error(
            "connections given up, their handlers ignore cancellation",
            ["address": localAddress, "count": connectionCount])
        onPosts { $0.abandon() }
        _ = await ends(within: nil)
    }

    /// How long bodies have to end once they have been cancelled.
    public static var cancellationGrace: Duration { .seconds(2) }
}

// MARK: - The posts

extension Listener {
    /// A connection has ended, or was none after all.
    func giveBack() {
        if quota.giveBack() { onPosts { $0.resume() } }
    }

    /// One of the posts has ended.
    func postEnded() {
        for waiter in state.withLock({ $0.postEnded() }) { waiter.resume(returning: true) }
    }

    /// Runs the work for each post on its loop, later.
    private func onPosts(_ work: @escaping @Sendable (ListenerPost) -> Void) {
        // A loop that is gone has ended its post.
        for post in state.withLock({ $0.posts }) { _ = post.loop.execute { work(post.value) } }
    }

    /// Gives the address up, and returns when it is free.
    private func stopAccepting() async {
        for post in state.withLock({ $0.posts }) {
            await withCheckedContinuation { continuation in
                let accepted = post.loop.execute {
                    post.value.stopAccepting()
                    continuation.resume()
                }
                if !accepted { continuation.resume() }
            }
        }
    }

    /// Waits for all posts to end; false when the time is over before.
    private func ends(within time: Duration?) async -> Bool {
        await withCheckedContinuation { continuation in
            guard let ticket = state.withLock({ $0.wait(continuation) }), let time else { return }
            let loop = group.loops[0]
            let accepted = loop.perform { [self] in
                let timer = LoopTimer(loop: loop)
                timer.whenClosed = { [self] in expire(ticket) }
                timer.schedule(after: time.loopMilliseconds) { timer.close() }
            }
            if !accepted { expire(ticket) }
        }
    }

    private func expire(_ ticket: Int) {
        state.withLock { $0.expire(ticket) }?.resume(returning: false)
    }
}
