import CCurl
import CUV
import Glibc

/// An accepted socket on its way to its loop; closed when nobody took it.
final class AcceptedSocket: Sendable {
    private let descriptor: CInt

    init(descriptor: CInt) {
        self.descriptor = descriptor
    }

    /// A descriptor of the socket for the caller to own.
    func take() -> CInt {
        // The copy is the caller's, the original closes with this object: no state is needed to tell who closes what.
        fcntl(descriptor, F_DUPFD_CLOEXEC, 0)
    }

    deinit {
        Glibc.close(descriptor)
    }
}

/// Accepts connections from a listening socket, on the loop's thread.
final class Acceptor: LoopHandle {
    private var socket: ListeningSocket?
    private let accepted: (AcceptedSocket) -> Bool
    private let failed: (CInt) -> Void
    private var pause: LoopTimer?

    /// Makes an acceptor: `accepted` takes a connection and says false when it wants no more until `resume`; `failed`
    /// is told the number of an error, after which accepting goes on.
    init(
        _ socket: ListeningSocket, loop: EventLoop, accepted: @escaping (AcceptedSocket) -> Bool,
        failed: @escaping (CInt) -> Void
    ) {
        self.socket = socket
        self.accepted = accepted
        self.failed = failed
        super.init(loop: loop, type: UV_POLL)
    }

    func start() throws(TransportError) {
        guard let socket else { throw .closed }
        try check(uv_poll_init(loop.uv, pointer(), socket.descriptor), "uv_poll_init", "\(socket.address)")
        didOpen()
        resume()
    }

    func resume() {
        guard isOpen else { return }
        // Fails only for a closed handle.
        uv_poll_start(pointer(), CInt(UV_READABLE.rawValue)) { handle, _, _ in Acceptor.from(handle)?.acceptSome() }
    }

    override func close() {
        pause?.close()
        pause = nil
        super.close()
        // libuv is done with the descriptor (uv_poll_t): the address becomes free now.
        socket = nil
    }

    private func acceptSome() {
        guard let socket else { return }
        let flags = CInt(SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue)
        for _ in 0..<Self.connectionsPerTurn {
            let descriptor = accept4(socket.descriptor, nil, nil, flags)
            if descriptor >= 0 {
                if !accepted(AcceptedSocket(descriptor: descriptor)) {
                    uv_poll_stop(pointer())
                    return
                }
            } else if errno == EAGAIN {
                return
            } else if errno != ECONNABORTED && errno != EINTR {
                failed(-errno)
                rest()
                return
            }
        }
    }

    /// Out of descriptors or memory: the connection stays in the kernel and would wake the loop at once again.
    private func rest() {
        uv_poll_stop(pointer())
        let timer = pause ?? LoopTimer(loop: loop)
        pause = timer
        timer.schedule(after: Self.restMilliseconds) { [unowned self] in resume() }
    }

    private static var connectionsPerTurn: Int { 64 }
    private static var restMilliseconds: Int64 { 100 }
}
