import CBrotli
import CZlib

/// Compresses content once, at the best the libraries can do; the time does not matter then.
enum Compression {
    /// The bytes in a coding; nil when the library has no memory for it, or it would not get smaller.
    static func compress(_ bytes: [UInt8], _ coding: ContentCoding) -> [UInt8]? {
        let result: [UInt8]? =
            switch coding {
            case .brotli: brotli(bytes)
            case .gzip: gzip(bytes)
            case .identity: nil
            }
        guard let result, result.count < bytes.count else { return nil }
        return result
    }

    private static func brotli(_ bytes: [UInt8]) -> [UInt8]? {
        let capacity = BrotliEncoderMaxCompressedSize(bytes.count)
        guard capacity > 0 else { return nil }
        return fill(capacity) { target, count in
            bytes.withUnsafeBufferPointer { source in
                BrotliEncoderCompress(
                    BROTLI_DEFAULT_QUALITY, BROTLI_DEFAULT_WINDOW, BROTLI_MODE_TEXT, source.count, source.baseAddress,
                    &count, target.baseAddress) == BROTLI_TRUE
            }
        }
    }

    private static func gzip(_ bytes: [UInt8]) -> [UInt8]? {
        var stream = z_stream()
        // 15 bits of window, and 16 for the frame of gzip (zlib.h, deflateInit2).
        let size = CInt(MemoryLayout<z_stream>.size)
        guard
            deflateInit2_(
                &stream, Z_BEST_COMPRESSION, Z_DEFLATED, 15 + 16, 9, Z_DEFAULT_STRATEGY, zlibVersion(), size) == Z_OK
        else { return nil }
        defer { deflateEnd(&stream) }
        guard bytes.count <= Int(UInt32.max / 2) else { return nil }
        var source = bytes
        return source.withUnsafeMutableBufferPointer { source in
            fill(Int(deflateBound(&stream, UInt(source.count)))) { target, count in
                stream.next_in = source.baseAddress
                stream.avail_in = UInt32(source.count)
                stream.next_out = target.baseAddress
                stream.avail_out = UInt32(target.count)
                let isDone = deflate(&stream, Z_FINISH) == Z_STREAM_END
                count = target.count - Int(stream.avail_out)
                return isDone
            }
        }
    }

    /// Lets a library fill an array of at most so many bytes; nil when it says no.
    private static func fill(
        _ capacity: Int, _ body: (UnsafeMutableBufferPointer<UInt8>, inout Int) -> Bool
    ) -> [UInt8]? {
        var isFilled = false
        let result = [UInt8](unsafeUninitializedCapacity: capacity) { buffer, count in
            count = capacity
            isFilled = body(buffer, &count)
            if !isFilled { count = 0 }
        }
        return isFilled ? result : nil
    }
}
