extension HTTPBodyReader {
    /// Reads the whole body into memory.
    ///
    /// - Throws: `HTTPBodyError`; `.tooLarge` as soon as it has more than `limit` bytes.
    public func collect(limit: Int) async throws(HTTPBodyError) -> [UInt8] {
        var body: [UInt8] = []
        while let bytes = try await next() {
            guard body.count + bytes.count <= limit else { throw .tooLarge(limit: limit) }
            if body.isEmpty { body = bytes } else { body.append(contentsOf: bytes) }
        }
        return body
    }
}

extension HTTPBodyError {
    /// The answer to a request whose body did not come to its end; to one that was given up nobody hears it.
    public var response: HTTPResponse {
        switch self {
        case .tooLarge(let limit): .problem(.contentTooLarge, "the body of the request has more than \(limit) bytes")
        case .tooSlow: .problem(.requestTimeout, "the body of the request came too slowly")
        case .malformed(let reason): .problem(.badRequest, reason)
        case .lost, .cancelled: .problem(.badRequest, "the body of the request did not come to its end")
        }
    }
}
