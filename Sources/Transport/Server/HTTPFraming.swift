/// How a request's body is delimited (RFC 9112 §6).
enum HTTPFraming: Hashable {
    case length(Int)
    case chunked

    /// Reads the framing from a head; where two parsers might disagree the request is refused, so that none can be
    /// smuggled (§11.2).
    init(_ headers: HTTPFields, minorVersion: Int) throws(HTTPRefusal) {
        guard headers.contains("transfer-encoding") else {
            self = try .length(Self.length(headers.values("content-length")))
            return
        }
        let codings = headers.values("transfer-encoding")
        guard !headers.contains("content-length") else {
            throw .bad("both Content-Length and Transfer-Encoding are given")
        }
        guard minorVersion == 1 else { throw .bad("HTTP/1.0 has no Transfer-Encoding") }
        guard codings.count == 1, HTTPFields.isEqual(codings[0], "chunked") else {
            throw .status(.notImplemented, "the only Transfer-Encoding here is chunked")
        }
        self = .chunked
    }

    private static func length(_ values: [String]) throws(HTTPRefusal) -> Int {
        guard let value = values.first else { return 0 }
        guard values.count == 1 else { throw .bad("Content-Length is given more than once") }
        guard !value.isEmpty, value.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let length = Int(value) else {
            throw .bad("Content-Length is no number")
        }
        return length
    }
}
