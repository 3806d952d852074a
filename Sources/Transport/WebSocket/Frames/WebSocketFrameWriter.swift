import CWslay

/// Puts frames together by wslay.
struct WebSocketFrameWriter {
    /// Where a client's masks come from (RFC 6455 §5.3); nil for a server, which masks nothing.
    let mask: (@Sendable () -> UInt64)?

    /// One whole frame.
    ///
    /// - Returns: The bytes to send, as two arrays so that what is not masked need not be copied.
    func frame(
        _ opcode: WebSocketOpcode, _ payload: [UInt8], isCompressed: Bool = false
    ) throws(WebSocketError) -> (first: [UInt8], second: [UInt8]) {
        let sink = Sink(keepsPayload: mask != nil, mask: mask)
        guard sink.send(opcode, payload, isCompressed: isCompressed) else { throw .sendingFailed }
        return (sink.bytes, mask == nil ? payload : [])
    }

    /// Receives what wslay writes.
    private final class Sink {
        private(set) var bytes: [UInt8] = []
        private let keepsPayload: Bool
        private let mask: (@Sendable () -> UInt64)?
        private var hasHeader = false

        init(keepsPayload: Bool, mask: (@Sendable () -> UInt64)?) {
            self.keepsPayload = keepsPayload
            self.mask = mask
        }

        func send(_ opcode: WebSocketOpcode, _ payload: [UInt8], isCompressed: Bool) -> Bool {
            var callbacks = wslay_frame_callbacks()
            callbacks.send_callback = { bytes, count, _, data in Sink.of(data)?.append(bytes, count) ?? -1 }
            callbacks.genmask_callback = { buffer, count, data in Sink.of(data)?.makeMask(buffer, count) ?? -1 }
            var context: wslay_frame_context_ptr?
            // The context borrows the sink and goes before it.
            guard wslay_frame_context_init(&context, &callbacks, Unmanaged.passUnretained(self).toOpaque()) == 0 else {
                return false
            }
            defer { wslay_frame_context_free(context) }
            if keepsPayload { bytes.reserveCapacity(payload.count + 14) }
            return payload.withUnsafeBufferPointer { payload in
                var frame = wslay_frame_iocb()
                frame.fin = 1
                frame.rsv = isCompressed ? 4 : 0
                frame.opcode = opcode.rawValue
                frame.mask = mask == nil ? 0 : 1
                frame.payload_length = UInt64(payload.count)
                frame.data = payload.baseAddress
                frame.data_length = payload.count
                return wslay_frame_send(context, &frame) == payload.count
            }
        }

        private static func of(_ data: UnsafeMutableRawPointer?) -> Sink? {
            data.map { Unmanaged<Sink>.fromOpaque($0).takeUnretainedValue() }
        }

        /// Takes the header, which comes first and in one piece, and then the payload.
        private func append(_ data: UnsafePointer<UInt8>?, _ count: Int) -> ssize_t {
            if !hasHeader || keepsPayload { bytes.append(contentsOf: UnsafeBufferPointer(start: data, count: count)) }
            hasHeader = true
            return count
        }

        private func makeMask(_ buffer: UnsafeMutablePointer<UInt8>?, _ count: Int) -> CInt {
            guard let buffer, let mask, count <= 8 else { return -1 }
            var bits = mask()
            for index in 0..<count {
                buffer[index] = UInt8(truncatingIfNeeded: bits)
                bits >>= 8
            }
            return 0
        }
    }
}
