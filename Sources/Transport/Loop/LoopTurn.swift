import CUV

/// Runs the loop's jobs once before and once after each wait for events, and keeps the wait short while there are more.
final class LoopTurn {
    private let prepare = UnsafeMutablePointer<uv_prepare_t>.allocate(capacity: 1)
    private let check = UnsafeMutablePointer<uv_check_t>.allocate(capacity: 1)
    private let idle = UnsafeMutablePointer<uv_idle_t>.allocate(capacity: 1)
    /// Told whether the sockets were looked at since.
    private let drain: (_ isNewTurn: Bool) -> Void
    private var isIdling = false
    private var openHandles = 0

    init(drain: @escaping (_ isNewTurn: Bool) -> Void) {
        self.drain = drain
    }

    deinit {
        prepare.deallocate()
        check.deallocate()
        idle.deallocate()
    }

    func open(on uv: UnsafeMutablePointer<uv_loop_t>) -> CInt {
        // These three cannot fail on a loop that was initialised (libuv, src/unix/loop-watcher.c).
        uv_prepare_init(uv, prepare)
        uv_check_init(uv, check)
        uv_idle_init(uv, idle)
        // The loop holds the turn until `close`, which is before its end, so the callbacks borrow it.
        let turn = Unmanaged.passUnretained(self).toOpaque()
        let code = uv_prepare_start(prepare) { handle in LoopTurn.of(handle?.pointee.loop)?.drain(false) }
        guard code == 0 else { return code }
        uv.pointee.data = turn
        for handle in handles {
            handle.pointee.data = nil
            uv_unref(handle)
        }
        return uv_check_start(check) { handle in LoopTurn.of(handle?.pointee.loop)?.drain(true) }
    }

    /// Makes the next wait for events return at once, or not.
    func mustNotSleep(_ busy: Bool) {
        guard busy != isIdling else { return }
        isIdling = busy
        if busy {
            uv_idle_start(idle) { _ in }
        } else {
            uv_idle_stop(idle)
        }
    }

    /// Closes the handles; one more run of the loop completes it.
    ///
    /// The callback of the last one drops the reference.
    func close() {
        openHandles = handles.count
        for handle in handles {
            handle.pointee.data = Unmanaged.passRetained(self).toOpaque()
            uv_close(handle) { handle in
                guard let data = handle?.pointee.data else { return }
                Unmanaged<LoopTurn>.fromOpaque(data).release()
            }
        }
    }

    private var handles: [UnsafeMutablePointer<uv_handle_t>] {
        [UnsafeMutableRawPointer(prepare), UnsafeMutableRawPointer(check), UnsafeMutableRawPointer(idle)]
            .map { $0.assumingMemoryBound(to: uv_handle_t.self) }
    }

    private static func of(_ uv: UnsafeMutablePointer<uv_loop_t>?) -> LoopTurn? {
        guard let data = uv?.pointee.data else { return nil }
        return Unmanaged<LoopTurn>.fromOpaque(data).takeUnretainedValue()
    }
}
