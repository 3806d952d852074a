import CZlib

/// Owns a stream of zlib that compresses to raw DEFLATE (RFC 1951).
final class DeflateStream {
    private let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)

    /// Creates a stream with a window of two to the power of `windowBits` bytes, 9 to 15; it takes eight times that.
    init?(level: Int, windowBits: Int) {
        stream.initialize(to: z_stream())
        let code = deflateInit2_(
            stream, CInt(level), Z_DEFLATED, -CInt(windowBits), CInt(min(8, windowBits - 7)), Z_DEFAULT_STRATEGY,
            ZLIB_VERSION, CInt(MemoryLayout<z_stream>.size))
        // The object is whole by now, so that `deinit` frees it here too; zlib ends a stream that never began.
        guard code == Z_OK else { return nil }
    }

    deinit {
        // Reports that the stream had no end, which it never has.
        deflateEnd(stream)
        stream.deallocate()
    }

    /// Compresses a message, without the four bytes that end every one (RFC 7692 §7.2.1); nil when zlib fails.
    func message(_ bytes: [UInt8]) -> [UInt8]? {
        let bound = Int(deflateBound(stream, UInt(bytes.count))) + 16
        let result = bytes.withUnsafeBufferPointer { input in
            // zlib's type is shared with decompressing, hence mutable; the input is not changed.
            stream.pointee.next_in = UnsafeMutablePointer(mutating: input.baseAddress)
            stream.pointee.avail_in = UInt32(input.count)
            return [UInt8](unsafeUninitializedCapacity: bound) { buffer, count in
                stream.pointee.next_out = buffer.baseAddress
                stream.pointee.avail_out = UInt32(bound)
                let code = deflate(stream, Z_SYNC_FLUSH)
                let isWhole = code == Z_OK && stream.pointee.avail_in == 0 && stream.pointee.avail_out > 0
                count = isWhole ? bound - Int(stream.pointee.avail_out) : 0
            }
        }
        stream.pointee.next_in = nil
        stream.pointee.next_out = nil
        guard result.count >= 4, result.suffix(4) == [0x00, 0x00, 0xFF, 0xFF] else { return nil }
        return Array(result.dropLast(4))
    }

    /// The smallest window that holds this many bytes, within the limit.
    static func windowBits(for count: Int, atMost limit: Int) -> Int {
        var bits = 9
        while bits < limit, 1 << bits < count { bits += 1 }
        return bits
    }
}
