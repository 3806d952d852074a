import CWslay

/// Takes frames apart by wslay, as their bytes come.
///
/// Between frames it holds no memory: wslay's context, with its buffer of 4 KiB, lives from the first byte of a frame to
/// the last. Used by one task.
final class WebSocketFrameReader {
    private var context: wslay_frame_context_ptr?
    private var input: [UInt8] = []
    private var offset = 0
    /// How many bytes the context has got, and how many of them were parts of frames that are complete.
    private var given: UInt64 = 0
    private var used: UInt64 = 0
    /// How many bytes of the present frame's payload have been handed out; nil between frames.
    private var progress: UInt64?
    private var piece: WebSocketFramePiece?

    deinit {
        if let context { wslay_frame_context_free(context) }
    }

    /// Adds bytes that arrived; those before must have been used up.
    func add(_ bytes: [UInt8]) {
        input = offset < input.count ? Array(input[offset...]) + bytes : bytes
        offset = 0
    }

    /// The next piece, the same one until ``consume()``, or nil when more bytes are needed.
    func peek() throws(WebSocketViolation) -> WebSocketFramePiece? {
        if let piece { return piece }
        guard offset < input.count || given > used, let context = try openContext() else { return nil }
        var frame = wslay_frame_iocb()
        let count = wslay_frame_recv(context, &frame)
        if count == ssize_t(WSLAY_ERR_WANT_READ.rawValue) {
            release()
            return nil
        }
        guard count >= 0 else { throw .protocolError("a frame is malformed") }
        piece = take(frame)
        return piece
    }

    /// Lets go of the piece that was looked at.
    func consume() {
        guard let piece else { return }
        self.piece = nil
        if piece.isEnd { release() }
    }

    private func take(_ frame: wslay_frame_iocb) -> WebSocketFramePiece {
        let before = progress ?? 0
        let after = before + UInt64(frame.data_length)
        let isEnd = after == frame.payload_length
        defer { progress = isEnd ? nil : after }
        if isEnd { used += Self.headerLength(frame) + frame.payload_length }
        return WebSocketFramePiece(
            opcode: frame.opcode, isFinal: frame.fin != 0, reserved: frame.rsv, isMasked: frame.mask != 0,
            length: frame.payload_length, isStart: progress == nil, isEnd: isEnd,
            bytes: UnsafeBufferPointer(start: frame.data, count: frame.data_length))
    }

    private static func headerLength(_ frame: wslay_frame_iocb) -> UInt64 {
        let extended: UInt64 = frame.payload_length < 126 ? 0 : frame.payload_length < 65_536 ? 2 : 8
        return 2 + extended + (frame.mask != 0 ? 4 : 0)
    }

    /// Frees what is not needed until more bytes come.
    private func release() {
        if offset == input.count {
            input = []
            offset = 0
        }
        guard given == used, input.isEmpty, let context else { return }
        wslay_frame_context_free(context)
        self.context = nil
    }

    private func openContext() throws(WebSocketViolation) -> wslay_frame_context_ptr? {
        if let context { return context }
        var callbacks = wslay_frame_callbacks()
        callbacks.recv_callback = { buffer, count, _, data in
            guard let data, let buffer else { return -1 }
            return Unmanaged<WebSocketFrameReader>.fromOpaque(data).takeUnretainedValue().fill(buffer, count)
        }
        // The context borrows this object, which frees it at the latest with itself.
        let code = wslay_frame_context_init(&context, &callbacks, Unmanaged.passUnretained(self).toOpaque())
        guard code == 0 else {
            context = nil
            throw WebSocketViolation(code: .internalError, detail: "no memory to read a frame")
        }
        return context
    }

    /// Gives wslay bytes; -1, which it takes for "none yet", when there are none.
    private func fill(_ buffer: UnsafeMutablePointer<UInt8>, _ room: Int) -> ssize_t {
        let count = min(room, input.count - offset)
        guard count > 0 else { return -1 }
        input.withUnsafeBufferPointer { bytes in
            guard let start = bytes.baseAddress else { return }
            buffer.update(from: start + offset, count: count)
        }
        offset += count
        given += UInt64(count)
        return count
    }
}
