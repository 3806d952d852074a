import CUV

/// Wakes a loop out of its wait for events, from any thread.
final class LoopWake {
    private let handle = UnsafeMutablePointer<uv_async_t>.allocate(capacity: 1)

    deinit {
        handle.deallocate()
    }

    /// Opens the handle; waking is all it does, the work is found in the loop's next turn.
    func open(on uv: UnsafeMutablePointer<uv_loop_t>) -> CInt {
        let code = uv_async_init(uv, handle, { _ in })
        handle.pointee.data = nil
        return code
    }

    func send() {
        uv_async_send(handle)
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

// Safe: `handle` never changes; `uv_async_send` may be called from any thread (libuv, uv_async_t), and the inbox's
// Mutex keeps it from running after `close`; the other methods are called by the loop's thread, or before it starts.
extension LoopWake: @unchecked Sendable {}
