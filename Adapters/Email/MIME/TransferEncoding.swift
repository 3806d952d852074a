import CGMime

/// Undoes and does the encodings that carry bytes through mail (RFC 2045 §6), with GMime's coders.
struct TransferEncoding {
    private let encoding: GMimeContentEncoding

    private init(_ encoding: GMimeContentEncoding) {
        self.encoding = encoding
    }

    /// Base64 (RFC 2045 §6.8).
    static let base64 = TransferEncoding(GMIME_CONTENT_ENCODING_BASE64)
    /// Quoted-printable (RFC 2045 §6.7).
    static let quotedPrintable = TransferEncoding(GMIME_CONTENT_ENCODING_QUOTEDPRINTABLE)

    /// The encoding of this name; one that nobody knows leaves the bytes as they are.
    init(named name: String) {
        encoding = g_mime_content_encoding_from_string(name)
    }

    /// The bytes that the encoded ones stand for; what is damaged is skipped.
    func decode(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
        guard isCoded else { return Array(bytes) }
        var state = GMimeEncoding()
        g_mime_encoding_init_decode(&state, encoding)
        return run(&state, encoding == GMIME_CONTENT_ENCODING_BASE64 ? Self.padded(bytes) : bytes)
    }

    /// Base64 whose padding was lost gets it again: GMime drops a last group that is not whole.
    private static func padded(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        var digits = 0
        bytes.withUnsafeBufferPointer { buffer in
            for byte in buffer where isDigit(byte) { digits += 1 }
        }
        guard digits % 4 > 1, !bytes.suffix(8).contains(UInt8(ascii: "=")) else { return bytes }
        return bytes + [UInt8](repeating: UInt8(ascii: "="), count: 4 - digits % 4)
    }

    private static func isDigit(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"), UInt8(ascii: "/"):
            true
        default: false
        }
    }

    /// The encoded bytes, in lines that end with LF; text must have its line ends as LF for quoted-printable.
    func encode(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
        guard isCoded else { return Array(bytes) }
        var state = GMimeEncoding()
        g_mime_encoding_init_encode(&state, encoding)
        return run(&state, bytes)
    }

    private var isCoded: Bool {
        encoding == GMIME_CONTENT_ENCODING_BASE64 || encoding == GMIME_CONTENT_ENCODING_QUOTEDPRINTABLE
            || encoding == GMIME_CONTENT_ENCODING_UUENCODE
    }

    private func run(_ state: inout GMimeEncoding, _ bytes: ArraySlice<UInt8>) -> [UInt8] {
        // GMime's own bound for the output of one step.
        let room = g_mime_encoding_outlen(&state, bytes.count) + 64
        return [UInt8](unsafeUninitializedCapacity: room) { output, count in
            bytes.withUnsafeBytes { input in
                guard let target = output.baseAddress, let source = input.baseAddress else { return }
                count = target.withMemoryRebound(to: CChar.self, capacity: room) { target in
                    g_mime_encoding_flush(
                        &state, source.assumingMemoryBound(to: CChar.self), bytes.count, target)
                }
            }
        }
    }
}
