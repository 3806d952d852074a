import CLLHTTP

/// Owns an llhttp parser for the heads of requests.
///
/// Heads are given to it whole, after ``HTTPHeadScanner``. The callbacks borrow this object, which outlives the parser
/// it owns.
final class HTTPHeadParser {
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
    func parse(_ bytes: UnsafeBufferPointer<UInt8>) throws(HTTPRefusal) -> Head {
        llhttp_reset(parser)
        head = Head()
        let code = bytes.withMemoryRebound(to: CChar.self) { llhttp_execute(parser, $0.baseAddress, $0.count) }
        guard code == HPE_PAUSED else { throw .bad(parser) }
        guard parser.pointee.http_major == 1, parser.pointee.http_minor <= 1 else {
            throw .status(.versionNotSupported, "this server speaks HTTP/1.1 and HTTP/1.0")
        }
        head.minorVersion = Int(parser.pointee.http_minor)
        head.method = Self.method(parser.pointee.method)
        defer { head = Head() }
        return head
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

extension HTTPHeadParser {
    private func setCallbacks() {
        settings.pointee.on_url = { parser, bytes, count in
            HTTPHeadParser.from(parser)?.head.target.append(
                contentsOf: UnsafeRawBufferPointer(start: bytes, count: count))
            return 0
        }
        settings.pointee.on_header_field = { parser, bytes, count in
            let name = UnsafeRawBufferPointer(start: bytes, count: count)
            HTTPHeadParser.from(parser)?.name = String(decoding: name, as: UTF8.self)
            return 0
        }
        settings.pointee.on_header_value = { parser, bytes, count in
            let value = UnsafeRawBufferPointer(start: bytes, count: count)
            HTTPHeadParser.from(parser)?.value = String(httpValue: value)
            return 0
        }
        // An empty value may have no callback of its own.
        settings.pointee.on_header_value_complete = { parser in
            guard let owner = HTTPHeadParser.from(parser) else { return 0 }
            owner.head.headers.add(owner.name, owner.value)
            owner.value = ""
            return 0
        }
        settings.pointee.on_headers_complete = { _ in CInt(HPE_PAUSED.rawValue) }
    }

    private static func from(_ parser: UnsafeMutablePointer<llhttp_t>?) -> HTTPHeadParser? {
        guard let data = parser?.pointee.data else { return nil }
        return Unmanaged<HTTPHeadParser>.fromOpaque(data).takeUnretainedValue()
    }
}

extension String {
    /// A field's value: UTF-8 where it is that, and else ISO 8859-1, as values once were (RFC 9110 §5.5).
    init(httpValue bytes: UnsafeRawBufferPointer) {
        var rest = bytes[...]
        while let last = rest.last, last == 0x20 || last == 0x09 { rest.removeLast() }
        self =
            String(validating: rest, as: UTF8.self)
            ?? String(String.UnicodeScalarView(rest.map { Unicode.Scalar($0) }))
    }
}

extension HTTPRefusal {
    /// A malformed request, in llhttp's words.
    static func bad(_ parser: UnsafeMutablePointer<llhttp_t>) -> HTTPRefusal {
        let reason = llhttp_get_error_reason(parser).map { String(cString: $0) } ?? ""
        return .bad(reason.isEmpty ? "the request is malformed" : reason)
    }
}
