import Glibc

/// Owns one converter of the C library from a character set to UTF-8.
struct CharacterConverter: ~Copyable {
    private let handle: iconv_t

    /// Opens a converter; `nil` when the C library does not know the character set.
    init?(from charset: String) {
        // The C library reads options after a slash; a character set's name has none (RFC 2978 §2.3).
        guard CharacterSetName.isWellFormed(charset), let handle = iconv_open("UTF-8", charset),
            handle != iconv_t(bitPattern: -1)
        else { return nil }
        self.handle = handle
    }

    deinit {
        iconv_close(handle)
    }

    /// Converts all bytes; `nil` at the first fault, unless faults become U+FFFD.
    func convert(_ bytes: [UInt8], replacingFaults: Bool) -> (bytes: [UInt8], replaced: Int)? {
        iconv(handle, nil, nil, nil, nil)
        var input = bytes
        return input.withUnsafeMutableBytes { buffer in
            var source = buffer.bindMemory(to: CChar.self).baseAddress
            var left = buffer.count
            var output: [UInt8] = []
            output.reserveCapacity(buffer.count * 2)
            var replaced = 0
            while left > 0 {
                let fault = convertChunk(&source, &left, into: &output)
                guard fault != 0, fault != E2BIG else { continue }
                guard replacingFaults, left > 0 else { return nil }
                // EILSEQ and EINVAL: the byte is wrong here, or the text ends within a character.
                output += [0xEF, 0xBF, 0xBD]
                replaced += 1
                source = source?.advanced(by: 1)
                left -= 1
                iconv(handle, nil, nil, nil, nil)
            }
            _ = convertChunk(nil, nil, into: &output)
            return (output, replaced)
        }
    }

    /// Converts as much as fits into a chunk, or with no input the end of a stateful text; gives `errno`, 0 when all went.
    private func convertChunk(
        _ source: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?, _ left: UnsafeMutablePointer<Int>?,
        into output: inout [UInt8]
    ) -> CInt {
        withUnsafeTemporaryAllocation(of: CChar.self, capacity: 16_384) { chunk in
            var target = chunk.baseAddress
            var room = chunk.count
            let result = iconv(handle, source, left, &target, &room)
            let fault = result == Int(bitPattern: UInt.max) ? errno : 0
            output.append(
                contentsOf: UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(chunk)[..<(chunk.count - room)]))
            return fault
        }
    }
}
