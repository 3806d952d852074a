import CCurl
import CUV
import Glibc
import Synchronization

/// An accepted socket on its way to its loop; closed when nobody took it.
final class AcceptedSocket: Sendable {
    /// The other end, as the system told when it was accepted.
    let remote: SocketAddress
    private let descriptor: Atomic<CInt>

    init(descriptor: CInt, remote: SocketAddress) {
        self.descriptor = Atomic(descriptor)
        self.remote = remote
    }

    /// The descriptor, which is the caller's from here on; -1 when it was taken before.
    func take() -> CInt {
        descriptor.exchange(-1, ordering: .acquiringAndReleasing)
    }

    deinit {
        let left = take()
        if left >= 0 { Glibc.close(left) }
    }
}

/// What a test has the system say instead of accepting: `-errno`, or nil to let it accept.
package typealias AcceptFault = @Sendable () -> Int32?

/// Accepts connections from a listening socket, on the loop's thread.
final class Acceptor: LoopHandle {
    private var socket: ListeningSocket?
    private let fault: AcceptFault?
    /// Outlives the acceptor's last callback: it closes its acceptors before it ends.
    private unowned let post: ListenerPost
    private var pause: LoopTimer?
    /// The error that the system has given since it last gave a connection.
    private var shortage: CInt?

    init(_ socket: ListeningSocket, fault: AcceptFault?, post: ListenerPost) {
        self.socket = socket
        self.fault = fault
        self.post = post
        super.init(loop: post.loop, type: UV_POLL)
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
        for _ in 0..<Self.connectionsPerTurn {
            // Taking one may have ended it all.
            guard isOpen, let socket else { return }
            guard post.admit() else {
                uv_poll_stop(pointer())
                post.waitForRoom()
                return
            }
            let (descriptor, remote) = next(socket)
            if descriptor >= 0 {
                recovered()
                post.take(AcceptedSocket(descriptor: descriptor, remote: remote))
                continue
            }
            post.dismiss()
            if descriptor == -EAGAIN { return }
            if descriptor != -ECONNABORTED && descriptor != -EINTR { return rest(descriptor) }
        }
    }

    private func next(_ socket: ListeningSocket) -> (descriptor: CInt, remote: SocketAddress) {
        var storage = sockaddr_storage()
        var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
        return withUnsafeMutablePointer(to: &storage) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { native in
                if let code = fault?() { return (code, .unix(path: "")) }
                let descriptor = accept4(socket.descriptor, native, &length, Self.flags)
                guard descriptor >= 0 else { return (-errno, .unix(path: "")) }
                return (descriptor, SocketAddress(native: native, length: length) ?? .unix(path: ""))
            }
        }
    }

    /// Out of descriptors or memory: the connection stays in the kernel and would wake the loop at once again.
    private func rest(_ code: CInt) {
        if shortage != code { post.report(shortage: code) }
        shortage = code
        uv_poll_stop(pointer())
        let timer = pause ?? LoopTimer(loop: loop)
        pause = timer
        timer.schedule(after: Self.restMilliseconds) { [unowned self] in resume() }
    }

    private func recovered() {
        guard shortage != nil else { return }
        shortage = nil
        post.reportRecovery()
    }

    private static var flags: CInt { CInt(SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue) }
    private static var connectionsPerTurn: Int { 64 }
    private static var restMilliseconds: Int64 { 100 }
}
