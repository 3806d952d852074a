import CCurl
import CUV
import Glibc

extension Connection {
    /// Takes over a socket that a listener at this address has accepted; on the loop's thread.
    ///
    /// - Throws: The system's error; then the socket is closed.
    static func adopt(
        _ socket: AcceptedSocket, listener: SocketAddress, on loop: EventLoop
    ) throws(TransportError) -> Connection {
        let descriptor = socket.take()
        let stream = try StreamHandle(adopting: descriptor, isUnix: listener.isUnix, on: loop)
        // Listeners on all addresses have connections to each of them.
        let local = listener.isUnspecified ? SocketAddress(of: descriptor, getsockname) : nil
        return Connection(stream, remote: socket.remote, local: local ?? listener)
    }

    /// Takes over one end of a connected pair of Unix sockets; on the loop's thread.
    ///
    /// - Throws: The system's error; then the descriptor is closed.
    static func adopt(pairEnd descriptor: CInt, on loop: EventLoop) throws(TransportError) -> Connection {
        let stream = try StreamHandle(adopting: descriptor, isUnix: true, on: loop)
        return Connection(stream, remote: .unix(path: ""), local: .unix(path: ""))
    }

    /// Connects to an address, on the given loop.
    ///
    /// - Parameters:
    ///   - address: Where to connect to.
    ///   - loop: The loop that the connection lives on.
    ///   - timeout: How long to wait for the other end.
    /// - Returns: The connection.
    /// - Throws: `.timedOut`, `.cancelled`, or the system's error, such as a refused connection.
    public static func connect(
        to address: SocketAddress, on loop: EventLoop, timeout: Duration = .seconds(30)
    ) async throws(TransportError) -> Connection {
        let connecting = Connecting(loop)
        let result = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let accepted = loop.perform { connecting.start(address, timeout, continuation) }
                if !accepted { continuation.resume(returning: .failure(.loopStopped(name: loop.name))) }
            }
        } onCancel: {
            loop.perform { connecting.cancel() }
        }
        if case .failure(let error) = result {
            loop.perform { connecting.cancel() }
            throw error
        }
        return try await connecting.finish(address)
    }

    fileprivate static func opened(
        _ stream: StreamHandle, _ descriptor: CInt
    ) throws(TransportError) -> Connection {
        guard
            let remote = SocketAddress(of: descriptor, getpeername),
            let local = SocketAddress(of: descriptor, getsockname)
        else {
            let code = -errno
            stream.close()
            throw .system(operation: "getpeername", code: code, subject: "a connection")
        }
        SocketOptions.keepAlive(descriptor, remote)
        return Connection(stream, remote: remote, local: local)
    }
}

/// A connection on its way; its state belongs to the loop's thread.
private final class Connecting: Sendable {
    private final class State {
        var stream: StreamHandle?
        var isCancelled = false
    }

    private let state: LoopBound<State>

    init(_ loop: EventLoop) {
        state = LoopBound(State(), to: loop)
    }

    func start(_ address: SocketAddress, _ timeout: Duration, _ continuation: StreamRequest.Continuation) {
        let state = self.state.value
        guard !state.isCancelled else {
            continuation.resume(returning: .failure(.cancelled))
            return
        }
        let stream = StreamHandle(loop: self.state.loop, isUnix: address.isUnix)
        state.stream = stream
        stream.connect(to: address, continuation)
        stream.writeDeadline = stream.loop.deadline(timeout)
    }

    func cancel() {
        let state = self.state.value
        state.isCancelled = true
        state.stream?.close(because: .cancelled)
    }

    func finish(_ address: SocketAddress) async throws(TransportError) -> Connection {
        let result: Result<Connection, TransportError> = await withCheckedContinuation { continuation in
            let accepted = state.loop.perform { [state] in
                continuation.resume(returning: Result { () throws(TransportError) in try Self.open(state.value) })
            }
            if !accepted { continuation.resume(returning: .failure(.loopStopped(name: state.loop.name))) }
        }
        return try result.get()
    }

    private static func open(_ state: State) throws(TransportError) -> Connection {
        guard let stream = state.stream, stream.isOpen else { throw .closed }
        stream.writeDeadline = nil
        var descriptor: uv_os_fd_t = -1
        do throws(TransportError) {
            try check(uv_fileno(stream.pointer(), &descriptor), "uv_fileno", "a connection")
        } catch {
            stream.close()
            throw error
        }
        return try Connection.opened(stream, descriptor)
    }
}
