import CUV
import Glibc

extension EventLoop {
    /// The signals of these numbers as they arrive at the process, until the stream's consumer ends or the loop stops.
    ///
    /// They lose their usual effect while somebody listens; `SIGPIPE` needs no listener here. A signal that comes again
    /// before it was taken up may be seen once.
    public func signals(_ numbers: [CInt]) -> AsyncStream<CInt> {
        let (stream, continuation) = AsyncStream<CInt>.makeStream(bufferingPolicy: .bufferingNewest(16))
        let watch = LoopWatch(self)
        continuation.onTermination = { _ in watch.end() }
        let accepted = perform {
            let handles = numbers.compactMap { number in
                SignalHandle(
                    number, on: watch.loop, received: { continuation.yield($0) }, ended: { continuation.finish() })
            }
            watch.keep(handles)
            // A signal that cannot be watched must not go unnoticed.
            if handles.count < numbers.count { watch.end() }
        }
        if !accepted { continuation.finish() }
        return stream
    }
}

/// Watches one signal, on the loop's thread.
private final class SignalHandle: LoopHandle {
    private let received: (CInt) -> Void
    private var ended: (() -> Void)?

    init?(_ number: CInt, on loop: EventLoop, received: @escaping (CInt) -> Void, ended: @escaping () -> Void) {
        self.received = received
        self.ended = ended
        super.init(loop: loop, type: UV_SIGNAL)
        guard uv_signal_init(loop.uv, pointer()) == 0 else { return nil }
        didOpen()
        let code = uv_signal_start(pointer(), { handle, number in SignalHandle.from(handle)?.received(number) }, number)
        guard code == 0 else {
            close()
            return nil
        }
    }

    override func close() {
        super.close()
        let ended = self.ended
        self.ended = nil
        ended?()
    }
}
