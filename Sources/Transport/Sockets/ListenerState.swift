/// What a listener's tasks share; lives behind a Mutex.
struct ListenerState {
    private enum Phase {
        case bound(ListeningSocket)
        case running
        case ended
    }

    private(set) var connections: [ObjectIdentifier: Connection] = [:]
    private var phase: Phase
    private var accepted = 0
    private var isDraining = false
    private var acceptor: LoopBound<Acceptor>?
    private var sockets: AsyncStream<AcceptedSocket>.Continuation?
    private var deadline: AsyncStream<Duration>.Continuation?
    private var waiters: [CheckedContinuation<Void, Never>] = []

    init(socket: ListeningSocket) {
        phase = .bound(socket)
    }

    mutating func begin() -> (ListeningSocket, AsyncStream<Duration>)? {
        guard case .bound(let socket) = phase, !isDraining else { return nil }
        phase = .running
        let (stream, continuation) = AsyncStream<Duration>.makeStream()
        deadline = continuation
        return (socket, stream)
    }

    /// Keeps the acceptor; true when the listener is shutting down already.
    mutating func accept(
        with acceptor: LoopBound<Acceptor>, _ sockets: AsyncStream<AcceptedSocket>.Continuation
    ) -> Bool {
        if isDraining {
            sockets.finish()
            return true
        }
        self.acceptor = acceptor
        self.sockets = sockets
        return false
    }

    mutating func takeAcceptor() -> LoopBound<Acceptor>? {
        defer { acceptor = nil }
        sockets?.finish()
        sockets = nil
        return acceptor
    }

    /// Counts a connection; false when it was the last one allowed for now.
    mutating func countIn(limit: Int) -> Bool {
        accepted += 1
        return accepted < limit
    }

    /// Counts the end of a connection; the acceptor when it may go on now.
    mutating func countOut(limit: Int) -> LoopBound<Acceptor>? {
        defer { accepted -= 1 }
        return accepted == limit ? acceptor : nil
    }

    /// Keeps a connection; true when it shall drain.
    mutating func add(_ connection: Connection) -> Bool {
        connections[ObjectIdentifier(connection)] = connection
        return isDraining
    }

    mutating func remove(_ connection: Connection) {
        connections[ObjectIdentifier(connection)] = nil
    }

    mutating func drain(within time: Duration) -> [Connection] {
        isDraining = true
        deadline?.yield(time)
        // A listener that never ran has nothing to wait for, and gives its address up.
        if case .bound = phase { phase = .ended }
        return Array(connections.values)
    }

    mutating func waitForEnd(_ continuation: CheckedContinuation<Void, Never>) {
        if case .ended = phase { continuation.resume() } else { waiters.append(continuation) }
    }

    mutating func end() -> [CheckedContinuation<Void, Never>] {
        phase = .ended
        defer { waiters = [] }
        deadline?.finish()
        return waiters
    }
}
