/// The fields of one header block, as they come out of the decompression.
///
/// nghttp2 has checked names and values, and that pseudo-header fields stand in front, are known, and come once (RFC
/// 9113 §8.2, §8.3).
struct HTTP2FieldBlock {
    private(set) var method = ""
    private(set) var path: String?
    private(set) var `protocol`: String?
    private var scheme = ""
    private var authority: String?
    private var hosts = 0
    private var isHostOther = false
    private var cookie: String?
    private var fields: [HTTPFields.Field] = []
    /// The size as RFC 9113 §10.5.1 counts it: names, values, and 32 bytes for each field.
    private(set) var size = 0

    /// Adds a field; those beyond the limit are counted, and not kept.
    mutating func add(_ name: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer, limit: Int) {
        size += name.count + value.count + 32
        guard size <= limit else { return }
        if fields.isEmpty { fields.reserveCapacity(8) }
        let text = Self.text(value)
        if name.first == UInt8(ascii: ":") {
            addPseudo(name, text)
        } else {
            add(String(decoding: name, as: UTF8.self), text)
        }
    }

    private mutating func addPseudo(_ name: UnsafeRawBufferPointer, _ value: String) {
        switch (name.count, name[1]) {
        case (5, _): path = value
        case (7, UInt8(ascii: "m")): method = value
        case (7, _): scheme = value
        case (9, _): `protocol` = value
        default:
            authority = value
            fields.append(HTTPFields.Field(name: "host", value: value))
        }
    }

    private mutating func add(_ name: String, _ value: String) {
        switch name {
        case "cookie":
            // A client may send each cookie in a field of its own (RFC 9113 §8.2.3); HTTP/1.1 knows one line only.
            cookie = cookie.map { "\($0); \(value)" } ?? value
        case "host":
            hosts += 1
            if let authority {
                isHostOther = isHostOther || !HTTPFields.isEqual(authority, value)
            } else {
                fields.append(HTTPFields.Field(name: name, value: value))
            }
        default:
            fields.append(HTTPFields.Field(name: name, value: value))
        }
    }

    /// UTF-8 where it is that, and else ISO 8859-1, as field values once were (RFC 9110 §5.5).
    private static func text(_ bytes: UnsafeRawBufferPointer) -> String {
        if let text = String(validating: bytes, as: UTF8.self) { return text }
        return String(String.UnicodeScalarView(bytes.map { Unicode.Scalar($0) }))
    }
}

extension HTTP2FieldBlock {
    /// Makes the request that a handler sees, the same as HTTP/1.1 would give.
    ///
    /// - Throws: `HTTPRefusal.status` for what HTTP/1.1 refuses too.
    func request(
        from remoteAddress: SocketAddress, _ security: StreamSecurity?
    ) throws(HTTPRefusal) -> HTTPRequestHead {
        guard let path, method != "CONNECT" || `protocol` != nil else { throw .bad("this server is no tunnel") }
        guard scheme == "http" || scheme == "https" else { throw .bad("the scheme is neither http nor https") }
        // RFC 9113 §8.3.1.
        guard !(authority?.utf8.contains(UInt8(ascii: "@")) ?? false) else { throw .bad("the authority names a user") }
        guard !isHostOther, hosts <= 1 else { throw .bad("the Host field and the authority of the request differ") }
        guard hosts == 1 || authority != nil else { throw .bad("the request needs one Host field") }
        guard path.utf8.first == UInt8(ascii: "/") || path == "*" && method == "OPTIONS",
            path.utf8.allSatisfy({ (0x21...0x7E).contains($0) })
        else { throw .bad("the target of the request is malformed") }
        do throws(HTTPTargetError) {
            return HTTPRequestHead(
                method: HTTPMethod(rawValue: method), target: path, segments: try HTTPTarget.segments(of: path),
                headers: headers, version: .http2, remoteAddress: remoteAddress, security: security)
        } catch {
            throw .bad("the target of the request is malformed")
        }
    }

    private var headers: HTTPFields {
        guard let cookie else { return HTTPFields(fields) }
        return HTTPFields(fields + [HTTPFields.Field(name: "cookie", value: cookie)])
    }

    /// The fields of a trailer, without those that must not stand in one (RFC 9110 §6.5.1).
    var trailers: HTTPFields {
        HTTPFields(fields.filter { HTTPTrailers.allow($0.name) })
    }
}
