import CLLHTTP

/// Owns an llhttp parser for requests.
///
/// Heads are given to it whole, after ``HTTPHeadScanner``; bodies in chunked coding piece by piece. The callbacks
/// borrow this object, which outlives the parser it owns.
final class HTTPParser {
    /// What the head said, as llhttp understood it.
    struct Head {
        var target: [UInt8] = []
        var headers = HTTPFields()
        var method = HTTPMethod.get
        var minorVersion = 1
    }

    private let parser = UnsafeMutablePointer<llhttp_t>.allocate(capacity: 1)
    private let settings = UnsafeMutablePointer<llhttp_settings_t>.allocate(capacity: 1)
    private var head = Head()
    private var name = ""
    private var value = ""
    private var body: [UInt8] = []
    private(set) var isComplete = false
    /// Trailer fields are read and dropped (RFC 9110 §6.5.1 allows that).
    private var isInHead = true

    init() {
        llhttp_settings_init(settings)
        llhttp_init(parser, HTTP_REQUEST, settings)
        parser.pointee.data = Unmanaged.passUnretained(self).toOpaque()
        setCallbacks()
    }

    deinit {
        parser.deallocate()
        settings.deallocate()
    }

    /// Parses one whole head, from its first byte to the empty line.
    func parseHead(_ bytes: UnsafeBufferPointer<UInt8>) throws(HTTPRefusal) -> Head {
        llhttp_reset(parser)
        head = Head()
        isInHead = true
        isComplete = false
        let code = execute(bytes)
        guard code == HPE_PAUSED else { throw refusal(code) }
        guard parser.pointee.http_major == 1, parser.pointee.http_minor <= 1 else {
            throw .status(.versionNotSupported, "this server speaks HTTP/1.1 and HTTP/1.0")
        }
        head.minorVersion = Int(parser.pointee.http_minor)
        head.method = Self.method(parser.pointee.method)
        llhttp_resume(parser)
        // What follows is a body, never another protocol.
        parser.pointee.upgrade = 0
        isInHead = false
        return head
    }

    /// Decodes more of a chunked body onto the end of `target`.
    ///
    /// - Returns: How many of the bytes belong to this request.
    func parseBody(_ bytes: UnsafeBufferPointer<UInt8>, onto target: inout [UInt8]) throws(HTTPRefusal) -> Int {
        swap(&body, &target)
        defer { swap(&body, &target) }
        let code = execute(bytes)
        if code == HPE_OK { return bytes.count }
        guard code == HPE_PAUSED, isComplete, let end = llhttp_get_error_pos(parser), let start = bytes.baseAddress
        else {
            throw refusal(code)
        }
        return UnsafeRawPointer(end) - UnsafeRawPointer(start)
    }

    private func execute(_ bytes: UnsafeBufferPointer<UInt8>) -> llhttp_errno_t {
        bytes.withMemoryRebound(to: CChar.self) { llhttp_execute(parser, $0.baseAddress, $0.count) }
    }

    private func refusal(_ code: llhttp_errno_t) -> HTTPRefusal {
        let reason = llhttp_get_error_reason(parser).map { String(cString: $0) } ?? ""
        return .bad(reason.isEmpty ? "the request is malformed" : reason)
    }

    private static func method(_ number: UInt8) -> HTTPMethod {
        switch llhttp_method_t(UInt32(number)) {
        case HTTP_GET: .get
        case HTTP_POST: .post
        default: HTTPMethod(rawValue: String(cString: llhttp_method_name(llhttp_method_t(UInt32(number)))))
        }
    }
}

// MARK: - Callbacks

extension HTTPParser {
    private func setCallbacks() {
        settings.pointee.on_url = { parser, bytes, count in
            HTTPParser.from(parser)?.head.target.append(contentsOf: HTTPParser.buffer(bytes, count))
            return 0
        }
        settings.pointee.on_header_field = { parser, bytes, count in
            guard let owner = HTTPParser.from(parser), owner.isInHead else { return 0 }
            owner.name = String(decoding: HTTPParser.buffer(bytes, count), as: UTF8.self)
            return 0
        }
        settings.pointee.on_header_value = { parser, bytes, count in
            guard let owner = HTTPParser.from(parser), owner.isInHead else { return 0 }
            owner.value = HTTPParser.text(HTTPParser.buffer(bytes, count))
            return 0
        }
        // An empty value may have no callback of its own.
        settings.pointee.on_header_value_complete = { parser in
            guard let owner = HTTPParser.from(parser), owner.isInHead else { return 0 }
            owner.head.headers.add(owner.name, owner.value)
            owner.value = ""
            return 0
        }
        settings.pointee.on_headers_complete = { _ in CInt(HPE_PAUSED.rawValue) }
        settings.pointee.on_body = { parser, bytes, count in
            HTTPParser.from(parser)?.body.append(contentsOf: HTTPParser.buffer(bytes, count))
            return 0
        }
        settings.pointee.on_message_complete = { parser in
            HTTPParser.from(parser)?.isComplete = true
            return CInt(HPE_PAUSED.rawValue)
        }
    }

    private static func from(_ parser: UnsafeMutablePointer<llhttp_t>?) -> HTTPParser? {
        guard let data = parser?.pointee.data else { return nil }
        return Unmanaged<HTTPParser>.fromOpaque(data).takeUnretainedValue()
    }

    private static func buffer(_ bytes: UnsafePointer<CChar>?, _ count: Int) -> UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(start: bytes, count: count)
    }

    /// UTF-8 where it is that, and else ISO 8859-1, as field values once were (RFC 9110 §5.5).
    private static func text(_ bytes: UnsafeRawBufferPointer) -> String {
        var rest = bytes[...]
        while let last = rest.last, last == 0x20 || last == 0x09 { rest.removeLast() }
        return String(validating: rest, as: UTF8.self)
            ?? String(String.UnicodeScalarView(rest.map { Unicode.Scalar($0) }))
    }
}
