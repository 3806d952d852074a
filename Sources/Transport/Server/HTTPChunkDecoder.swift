import CLLHTTP

/// Owns an llhttp parser for one body in chunked coding (RFC 9112 §7.1).
///
/// The callbacks borrow this object, which outlives the parser it owns.
final class HTTPChunkDecoder {
    /// The trailer fields as they came, once the body is complete.
    private(set) var trailers = HTTPFields()
    /// Tells whether the last chunk and the trailers behind it have been read.
    private(set) var isComplete = false

    private let parser = UnsafeMutablePointer<llhttp_t>.allocate(capacity: 1)
    private let settings = UnsafeMutablePointer<llhttp_settings_t>.allocate(capacity: 1)
    private var body: [UInt8] = []
    private var name: [UInt8] = []
    private var value: [UInt8] = []
    private var isInTrailers = false

    init() throws(HTTPRefusal) {
        llhttp_settings_init(settings)
        llhttp_init(parser, HTTP_REQUEST, settings)
        parser.pointee.data = Unmanaged.passUnretained(self).toOpaque()
        setCallbacks()
        // The real head is judged elsewhere; this one brings llhttp to the body.
        var head = "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n"
        let code = head.withUTF8 { execute($0) }
        guard code == HPE_OK else { throw .bad(parser) }
        isInTrailers = true
    }

    deinit {
        parser.deallocate()
        settings.deallocate()
    }

    /// Decodes more of the body onto the end of `target`.
    ///
    /// - Returns: How many of the bytes belong to this body.
    func decode(_ bytes: UnsafeBufferPointer<UInt8>, onto target: inout [UInt8]) throws(HTTPRefusal) -> Int {
        swap(&body, &target)
        defer { swap(&body, &target) }
        let code = execute(bytes)
        if code == HPE_OK { return bytes.count }
        guard code == HPE_PAUSED, isComplete, let end = llhttp_get_error_pos(parser), let start = bytes.baseAddress
        else {
            throw .bad(parser)
        }
        return UnsafeRawPointer(end) - UnsafeRawPointer(start)
    }

    private func execute(_ bytes: UnsafeBufferPointer<UInt8>) -> llhttp_errno_t {
        bytes.withMemoryRebound(to: CChar.self) { llhttp_execute(parser, $0.baseAddress, $0.count) }
    }
}

// MARK: - Callbacks

extension HTTPChunkDecoder {
    private func setCallbacks() {
        settings.pointee.on_header_field = { parser, bytes, count in
            HTTPChunkDecoder.from(parser)?.name.append(contentsOf: UnsafeRawBufferPointer(start: bytes, count: count))
            return 0
        }
        settings.pointee.on_header_value = { parser, bytes, count in
            HTTPChunkDecoder.from(parser)?.value.append(contentsOf: UnsafeRawBufferPointer(start: bytes, count: count))
            return 0
        }
        settings.pointee.on_header_value_complete = { parser in HTTPChunkDecoder.from(parser)?.endField() ?? 0 }
        settings.pointee.on_body = { parser, bytes, count in
            HTTPChunkDecoder.from(parser)?.body.append(contentsOf: UnsafeRawBufferPointer(start: bytes, count: count))
            return 0
        }
        settings.pointee.on_message_complete = { parser in
            HTTPChunkDecoder.from(parser)?.isComplete = true
            return CInt(HPE_PAUSED.rawValue)
        }
    }

    private func endField() -> CInt {
        if isInTrailers {
            trailers.add(String(decoding: name, as: UTF8.self), value.withUnsafeBytes { String(httpValue: $0) })
        }
        name = []
        value = []
        return 0
    }

    private static func from(_ parser: UnsafeMutablePointer<llhttp_t>?) -> HTTPChunkDecoder? {
        guard let data = parser?.pointee.data else { return nil }
        return Unmanaged<HTTPChunkDecoder>.fromOpaque(data).takeUnretainedValue()
    }
}
