import CUV
import Glibc

/// Wakes a loop out of its wait for events, from any thread.
///
/// An eventfd of its own: libuv's `uv_async_t` spins between the threads, which cost a tenth of the time of a loop that
/// was woken a thousand times a second.
final class LoopWake {
    private let handle = UnsafeMutablePointer<uv_poll_t>.allocate(capacity: 1)
    private let descriptor: CInt

    init() throws(TransportError) {
        descriptor = eventfd(0, CInt(EFD_NONBLOCK) | CInt(EFD_CLOEXEC))
        if descriptor < 0 { throw .system(operation: "eventfd", code: -errno, subject: "a loop") }
    }

    deinit {
        Glibc.close(descriptor)
        handle.deallocate()
    }

    /// Opens the handle; waking is all it does, the work is found in the loop's next turn.
    func open(on uv: UnsafeMutablePointer<uv_loop_t>) -> CInt {
        let code = uv_poll_init(uv, handle, descriptor)
        guard code == 0 else { return code }
        handle.pointee.data = nil
        return uv_poll_start(handle, CInt(UV_READABLE.rawValue)) { handle, _, _ in
            var descriptor: uv_os_fd_t = -1
            let base = UnsafeMutableRawPointer(handle)?.assumingMemoryBound(to: uv_handle_t.self)
            guard uv_fileno(base, &descriptor) == 0 else { return }
            var count: UInt64 = 0
            // Sets it to zero; it cannot fail while it is readable, and this thread alone reads.
            Glibc.read(descriptor, &count, MemoryLayout<UInt64>.size)
        }
    }

    func send() {
        var one: UInt64 = 1
        // Fails only when it is full of wake-ups, which is as good.
        Glibc.write(descriptor, &one, MemoryLayout<UInt64>.size)
    }

    /// No longer keeps the loop from ending.
    func release() {
        handle.withMemoryRebound(to: uv_handle_t.self, capacity: 1) { uv_unref($0) }
    }

    /// Closes the handle; the loop frees nothing, and the memory lives as long as this object, which the loop holds.
    func close() {
        handle.withMemoryRebound(to: uv_handle_t.self, capacity: 1) { uv_close($0, nil) }
    }
}

// Safe: `handle` and `descriptor` never change; an eventfd may be written to from any thread (eventfd(2)), and the
// inbox's Mutex keeps that from happening after `close`; the other methods are called by the loop's thread, or before it
// starts.
extension LoopWake: @unchecked Sendable {}
