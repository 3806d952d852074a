import CUV

/// Watches one of curl's sockets, on the loop's thread; curl owns the descriptor.
final class CurlSocket: LoopHandle {
    private let ready: (CInt, CInt) -> Void
    private let descriptor: CInt

    /// Watches the descriptor; `ready` gets libuv's status and events.
    init?(_ descriptor: CInt, on loop: EventLoop, ready: @escaping (CInt, CInt) -> Void) {
        self.ready = ready
        self.descriptor = descriptor
        super.init(loop: loop, type: UV_POLL)
        guard uv_poll_init_socket(loop.uv, pointer(), descriptor) == 0 else { return nil }
        didOpen()
    }

    func watch(reading: Bool, writing: Bool) {
        guard isOpen else { return }
        let events = (reading ? UV_READABLE.rawValue : 0) | (writing ? UV_WRITABLE.rawValue : 0)
        uv_poll_start(pointer(), CInt(events)) { handle, status, events in
            CurlSocket.from(handle)?.ready(status, events)
        }
    }
}
