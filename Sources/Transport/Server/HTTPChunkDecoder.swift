import CLLHTTP

/// Owns an llhttp parser for one body in chunked coding (RFC 9112 §7.1).
///
/// llhttp reads the chunks, up to the line of the last one. The trailer section behind it is read as heads are, because
/// llhttp takes line feeds and folded lines there. The callbacks borrow this object, which outlives the parser it owns.
final class HTTPChunkDecoder {
    /// The trailer fields as they came, once the body is complete.
    private(set) var trailers = HTTPFields()
    /// Tells whether the last chunk and the trailers behind it have been read.
    private(set) var isComplete = false

    private let parser = UnsafeMutablePointer<llhttp_t>.allocate(capacity: 1)
    private let settings = UnsafeMutablePointer<llhttp_settings_t>.allocate(capacity: 1)
    private let limit: Int
    private var body: [UInt8] = []
    private var isBehindChunks = false
    private var section: [UInt8] = []
    private var scanner = HTTPHeadScanner(at: 0)

    /// Decodes a body whose chunks have at most so many bytes each.
    init(limit: Int) throws(HTTPRefusal) {
        self.limit = limit
        llhttp_settings_init(settings)
        llhttp_init(parser, HTTP_REQUEST, settings)
        parser.pointee.data = Unmanaged.passUnretained(self).toOpaque()
        setCallbacks()
        // The real head is judged elsewhere; this one brings llhttp to the body.
        var head = "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n"
        let code = head.withUTF8 { execute($0) }
        guard code == HPE_OK else { throw .bad(parser) }
    }

    deinit {
        parser.deallocate()
        settings.deallocate()
    }

    /// Decodes more of the body onto the end of `target`.
    ///
    /// - Returns: How many of the bytes belong to this body.
    func decode(_ bytes: UnsafeBufferPointer<UInt8>, onto target: inout [UInt8]) throws(HTTPRefusal) -> Int {
        guard !isComplete else { return 0 }
        let used = isBehindChunks ? 0 : try decodeChunks(bytes, onto: &target)
        guard isBehindChunks else { return used }
        return used + (try readTrailers(UnsafeBufferPointer(rebasing: bytes[used...])))
    }

    private func decodeChunks(
        _ bytes: UnsafeBufferPointer<UInt8>, onto target: inout [UInt8]
    ) throws(HTTPRefusal) -> Int {
        swap(&body, &target)
        defer { swap(&body, &target) }
        let code = execute(bytes)
        if code == HPE_OK { return bytes.count }
        guard code == HPE_PAUSED, let end = llhttp_get_error_pos(parser), let start = bytes.baseAddress else {
            throw .bad(parser)
        }
        guard isBehindChunks else { throw HTTPBodyError.tooLarge(limit: limit).refusal }
        return UnsafeRawPointer(end) - UnsafeRawPointer(start)
    }

    /// Reads the trailer fields, up to the empty line behind them.
    private func readTrailers(_ bytes: UnsafeBufferPointer<UInt8>) throws(HTTPRefusal) -> Int {
        let known = section.count
        section.append(contentsOf: bytes)
        guard let end = try scanner.scan(section) else {
            guard section.count <= Self.sectionLimit else { throw .bad("the trailers have too many bytes") }
            return bytes.count
        }
        isComplete = true
        if end > 2 {
            let head = Array("GET / HTTP/1.1\r\n".utf8) + section[..<end]
            trailers = try head.withUnsafeBufferPointer { head throws(HTTPRefusal) in
                try HTTPHeadParser().parse(head).headers
            }
        }
        section = []
        return end - known
    }

    private func execute(_ bytes: UnsafeBufferPointer<UInt8>) -> llhttp_errno_t {
        bytes.withMemoryRebound(to: CChar.self) { llhttp_execute(parser, $0.baseAddress, $0.count) }
    }

    private static var sectionLimit: Int { 32_768 }
}

// MARK: - Callbacks

extension HTTPChunkDecoder {
    private func setCallbacks() {
        settings.pointee.on_body = { parser, bytes, count in
            HTTPChunkDecoder.from(parser)?.body.append(contentsOf: UnsafeRawBufferPointer(start: bytes, count: count))
            return 0
        }
        settings.pointee.on_chunk_header = { parser in
            guard let owner = HTTPChunkDecoder.from(parser), let size = parser?.pointee.content_length else { return 0 }
            owner.isBehindChunks = size == 0
            return size == 0 || size > UInt64(owner.limit) ? CInt(HPE_PAUSED.rawValue) : 0
        }
    }

    private static func from(_ parser: UnsafeMutablePointer<llhttp_t>?) -> HTTPChunkDecoder? {
        guard let data = parser?.pointee.data else { return nil }
        return Unmanaged<HTTPChunkDecoder>.fromOpaque(data).takeUnretainedValue()
    }
}
