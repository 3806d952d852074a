import CLLHTTP

/// Owns an llhttp parser for the heads of requests; one serves all connections of a loop.
///
/// Heads are given to it whole, after ``HTTPHeadScanner``. The callbacks borrow the places, which outlive the parser.
final class HTTPHeadParser {
    /// What the head said, as llhttp understood it.
    struct Head {
        let method: HTTPMethod
        /// Where the target stands in the bytes.
        let target: Range<Int>
        let headers: HTTPFields
        let minorVersion: Int
    }

    /// Where llhttp found things, from the address of the first byte.
    private struct Places {
        var base = UInt(0)
        var target = 0..<0
        var name = 0..<0
        var value = 0..<0
        var fields: [HTTPFields.Place] = []

        func range(_ bytes: UnsafePointer<CChar>?, _ count: Int) -> Range<Int> {
            let start = Int(UInt(bitPattern: bytes) - base)
            return start..<start + count
        }
    }

    private let parser = UnsafeMutablePointer<llhttp_t>.allocate(capacity: 1)
    private let settings = UnsafeMutablePointer<llhttp_settings_t>.allocate(capacity: 1)
    private let places = UnsafeMutablePointer<Places>.allocate(capacity: 1)

    init() {
        places.initialize(to: Places())
        llhttp_settings_init(settings)
        llhttp_init(parser, HTTP_REQUEST, settings)
        parser.pointee.data = UnsafeMutableRawPointer(places)
        setCallbacks()
    }

    deinit {
        parser.deallocate()
        settings.deallocate()
        places.deinitialize(count: 1)
        places.deallocate()
    }

    /// Parses one whole head, from its first byte to the empty line.
    func parse(_ bytes: UnsafeBufferPointer<UInt8>) throws(HTTPRefusal) -> Head {
        llhttp_reset(parser)
        places.pointee = Places(base: UInt(bitPattern: bytes.baseAddress))
        let code = bytes.withMemoryRebound(to: CChar.self) { llhttp_execute(parser, $0.baseAddress, $0.count) }
        guard code == HPE_PAUSED else { throw .bad(parser) }
        guard parser.pointee.http_major == 1, parser.pointee.http_minor <= 1 else {
            throw .status(.versionNotSupported, "this server speaks versions 1.1 and 1.0 of HTTP")
        }
        return Head(
            method: Self.method(parser.pointee.method), target: places.pointee.target,
            headers: HTTPFields(head: bytes, places.pointee.fields), minorVersion: Int(parser.pointee.http_minor))
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
            guard let places = HTTPHeadParser.places(of: parser) else { return 0 }
            places.pointee.target = places.pointee.range(bytes, count)
            return 0
        }
        settings.pointee.on_header_field = { parser, bytes, count in
            guard let places = HTTPHeadParser.places(of: parser) else { return 0 }
            places.pointee.name = places.pointee.range(bytes, count)
            return 0
        }
        settings.pointee.on_header_value = { parser, bytes, count in
            guard let places = HTTPHeadParser.places(of: parser) else { return 0 }
            places.pointee.value = places.pointee.range(bytes, count)
            return 0
        }
        // An empty value may have no callback of its own.
        settings.pointee.on_header_value_complete = { parser in
            guard let places = HTTPHeadParser.places(of: parser) else { return 0 }
            let name = places.pointee.name
            let value = places.pointee.value.isEmpty ? name.upperBound..<name.upperBound : places.pointee.value
            places.pointee.fields.append(HTTPFields.Place(name: name.asPlace, value: value.asPlace))
            places.pointee.value = 0..<0
            return 0
        }
        settings.pointee.on_headers_complete = { _ in CInt(HPE_PAUSED.rawValue) }
    }

    private static func places(of parser: UnsafeMutablePointer<llhttp_t>?) -> UnsafeMutablePointer<Places>? {
        parser?.pointee.data?.assumingMemoryBound(to: Places.self)
    }
}

extension Range<Int> {
    fileprivate var asPlace: Range<UInt32> { UInt32(lowerBound)..<UInt32(upperBound) }
}

extension HTTPRefusal {
    /// A malformed request, in llhttp's words.
    static func bad(_ parser: UnsafeMutablePointer<llhttp_t>) -> HTTPRefusal {
        let reason = llhttp_get_error_reason(parser).map { String(cString: $0) } ?? ""
        return .bad(reason.isEmpty ? "the request is malformed" : reason)
    }
}
