import CZlib

/// Owns a stream of zlib that decompresses raw DEFLATE (RFC 1951).
final class InflateStream {
    private let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)

    /// Creates a stream; its window takes up to 32 KiB once something is decompressed.
    init(windowBits: Int) throws(WebSocketViolation) {
        stream.initialize(to: z_stream())
        let code = inflateInit2_(stream, -CInt(windowBits), ZLIB_VERSION, CInt(MemoryLayout<z_stream>.size))
        // The object is whole by now, so that `deinit` frees it here too; zlib ends a stream that never began.
        guard code == Z_OK else {
            throw WebSocketViolation(code: .internalError, detail: "no memory to decompress a message")
        }
    }

    deinit {
        inflateEnd(stream)
        stream.deallocate()
    }

    /// Decompresses bytes onto the end of `target`, which must not get more than `limit` bytes.
    func inflate(
        _ bytes: UnsafeBufferPointer<UInt8>, onto target: inout [UInt8], limit: Int
    ) throws(WebSocketViolation) {
        // zlib's type is shared with compressing, hence mutable; the input is not changed.
        stream.pointee.next_in = UnsafeMutablePointer(mutating: bytes.baseAddress)
        stream.pointee.avail_in = UInt32(bytes.count)
        defer { stream.pointee.next_in = nil }
        var isFull = true
        while stream.pointee.avail_in > 0 || isFull {
            // One byte more than is allowed tells a message over the limit from one that reaches it.
            let room = min(Self.step, limit - target.count + 1)
            let (code, count) = step(room, onto: &target)
            guard target.count <= limit else { throw .tooBig(limit) }
            switch code {
            case Z_OK, Z_BUF_ERROR: break
            // A final block may be followed by others (RFC 7692 §7.2.3.4).
            case Z_STREAM_END: inflateReset(stream)
            case Z_MEM_ERROR: throw WebSocketViolation(code: .internalError, detail: "no memory to decompress")
            default: throw WebSocketViolation(code: .invalidData, detail: "a message cannot be decompressed")
            }
            isFull = count == room
            guard isFull || code != Z_BUF_ERROR else { return }
        }
    }

    private func step(_ room: Int, onto target: inout [UInt8]) -> (code: CInt, count: Int) {
        var code = Z_OK
        let piece = [UInt8](unsafeUninitializedCapacity: room) { buffer, count in
            stream.pointee.next_out = buffer.baseAddress
            stream.pointee.avail_out = UInt32(room)
            code = CZlib.inflate(stream, Z_SYNC_FLUSH)
            count = room - Int(stream.pointee.avail_out)
            stream.pointee.next_out = nil
        }
        target.append(contentsOf: piece)
        return (code, piece.count)
    }

    /// How much is decompressed at a time.
    private static var step: Int { 16_384 }
}
