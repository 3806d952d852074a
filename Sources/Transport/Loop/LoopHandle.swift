import CUV

/// Owns one libuv handle: its memory, and its end.
///
/// While the handle is open libuv holds a reference to this object (in the handle's `data`); the close callback drops
/// it, and the memory is freed with the object. All of it happens on the loop's thread, except the freeing of memory
/// libuv is done with.
class LoopHandle {
    let loop: EventLoop
    private let memory: UnsafeMutableRawPointer
    private(set) var isOpen = false

    init(loop: EventLoop, type: uv_handle_type) {
        self.loop = loop
        memory = .allocate(byteCount: uv_handle_size(type), alignment: 16)
    }

    deinit {
        memory.deallocate()
    }

    /// The handle as the type it is.
    func pointer<Handle>(as type: Handle.Type = Handle.self) -> UnsafeMutablePointer<Handle> {
        memory.assumingMemoryBound(to: type)
    }

    /// To be called once `uv_…_init` has succeeded: from here on the handle must be closed.
    func didOpen() {
        isOpen = true
        pointer(as: uv_handle_t.self).pointee.data = Unmanaged.passRetained(self).toOpaque()
    }

    /// Closes the handle; later calls do nothing.
    ///
    /// Subclasses end what waits for it.
    func close() {
        guard isOpen else { return }
        isOpen = false
        uv_close(pointer(as: uv_handle_t.self)) { handle in
            guard let data = handle?.pointee.data else { return }
            Unmanaged<LoopHandle>.fromOpaque(data).release()
        }
    }

    /// The object of a handle that libuv calls back with; the reference stays libuv's.
    ///
    /// Only for callbacks that the class itself has given to libuv: they come for its own handles, so the type is known.
    static func from<Handle>(_ handle: UnsafeMutablePointer<Handle>?) -> Self? {
        guard let handle else { return nil }
        let base = UnsafeMutableRawPointer(handle).assumingMemoryBound(to: uv_handle_t.self)
        guard let data = base.pointee.data else { return nil }
        return unsafeDowncast(Unmanaged<LoopHandle>.fromOpaque(data).takeUnretainedValue(), to: Self.self)
    }
}
