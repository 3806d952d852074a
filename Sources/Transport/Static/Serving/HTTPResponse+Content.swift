extension HTTPResponse {
    /// Answers a `GET` or `HEAD` with content, or says that the client has it: conditions (RFC 9110 §13) and one range
    /// (§14) are obeyed.
    ///
    /// Several ranges at once are answered with the whole, as §14.2 allows.
    public static func content(_ content: HTTPContent, for request: HTTPRequest) -> HTTPResponse {
        var headers = content.headers
        if let tag = content.tag { headers["ETag"] = tag.text }
        if let time = content.lastModified { headers["Last-Modified"] = HTTPDate.text(of: time) }
        switch Precondition.judge(content, request.headers) {
        case .failed: return .problem(.preconditionFailed, "the content is another than the request expects")
        case .notModified: return HTTPResponse(.notModified, headers: headers)
        case .passed: break
        }
        headers["Content-Type"] = content.mediaType
        headers["X-Content-Type-Options"] = "nosniff"
        headers["Accept-Ranges"] = "bytes"
        // Ranges are for GET only (§14.2).
        let field = request.method == .get && Precondition.isRangeMeant(content, request.headers) ? "range" : ""
        switch ByteRange(request.headers[field], length: content.length) {
        case .whole:
            return content.response(.ok, headers, 0..<content.length)
        case .part(let range):
            headers["Content-Range"] = "bytes \(range.lowerBound)-\(range.upperBound - 1)/\(content.length)"
            return content.response(.partialContent, headers, range)
        case .unsatisfiable:
            return .problem(
                .rangeNotSatisfiable, "the content has \(content.length) bytes",
                headers: ["Content-Range": "bytes */\(content.length)"])
        }
    }
}

extension HTTPContent {
    fileprivate func response(_ status: HTTPStatus, _ headers: HTTPFields, _ range: Range<Int>) -> HTTPResponse {
        var response = HTTPResponse(status, headers: headers)
        switch source {
        case .bytes(let bytes):
            response.body = .bytes(range.count == bytes.count ? bytes : Array(bytes[range]))
        case .reader(let reader, _):
            response.streamLength = range.count
            response.body = .stream { try await Self.write(range, of: reader, to: $0) }
        }
        return response
    }

    /// Writes a part, never more than one piece of it in memory.
    private static func write(
        _ range: Range<Int>, of reader: any ContentReading, to writer: HTTPBodyWriter
    ) async throws {
        var offset = range.lowerBound
        while offset < range.upperBound {
            let bytes = try await reader.read(at: offset, upTo: min(pieceSize, range.upperBound - offset))
            guard !bytes.isEmpty else { throw ContentCutShort(offset: offset) }
            try await writer.write(bytes)
            offset += bytes.count
        }
    }

    private static var pieceSize: Int { 65_536 }
}

/// What the conditions of a request come to, in the order of RFC 9110 §13.2.2.
private enum Precondition {
    case passed
    case notModified
    case failed

    static func judge(_ content: HTTPContent, _ headers: HTTPFields) -> Precondition {
        let matches = headers.values("if-match")
        if !matches.isEmpty {
            guard matches.contains("*") || content.tag?.isIn(matches, weakly: false) ?? false else { return .failed }
        } else if let limit = time("if-unmodified-since", headers), let changed = content.lastModified, changed > limit
        {
            return .failed
        }
        let noneMatches = headers.values("if-none-match")
        if !noneMatches.isEmpty {
            return noneMatches.contains("*") || content.tag?.isIn(noneMatches, weakly: true) ?? false
                ? .notModified : .passed
        }
        if let limit = time("if-modified-since", headers), let changed = content.lastModified, changed <= limit {
            return .notModified
        }
        return .passed
    }

    /// Tells whether a range is meant for these bytes, or for others that the client has the rest of (§13.1.5).
    static func isRangeMeant(_ content: HTTPContent, _ headers: HTTPFields) -> Bool {
        guard let condition = headers["if-range"] else { return true }
        if condition.hasSuffix("\"") { return content.tag?.isIn([condition], weakly: false) ?? false }
        return content.lastModified != nil && HTTPTime.seconds(condition) == content.lastModified
    }

    private static func time(_ name: String, _ headers: HTTPFields) -> Int64? {
        headers[name].flatMap(HTTPTime.seconds)
    }
}
