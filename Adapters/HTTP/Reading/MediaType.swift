/// The media type of a body (RFC 9110 §8.3.1): type and subtype in lower case, and the character set.
struct MediaType: Sendable, Hashable {
    /// Type and subtype, as in `application/json`.
    let essence: String
    /// The character set, as in `utf-8`, when the header says one.
    let charset: String?

    /// Reads a `Content-Type`; `nil` when there is none.
    init?(_ header: String?) {
        guard let header else { return nil }
        if header == "application/json" {
            self.init(essence: header, charset: nil)
            return
        }
        let pieces = header.split(separator: ";", omittingEmptySubsequences: false)
        let essence = pieces[0].trimmed.lowercased()
        guard !essence.isEmpty else { return nil }
        var charset: String?
        for piece in pieces.dropFirst() {
            let pair = piece.split(separator: "=", maxSplits: 1)
            guard pair.count == 2, pair[0].trimmed.lowercased() == "charset" else { continue }
            charset = pair[1].trimmed.filter { $0 != "\"" }.lowercased()
        }
        self.init(essence: essence, charset: charset)
    }

    private init(essence: String, charset: String?) {
        self.essence = essence
        self.charset = charset
    }

    /// Tells whether the body is one JSON text.
    var isJSON: Bool { essence == "application/json" || essence.hasSuffix("+json") || essence == "text/json" }

    /// Tells whether the body is one JSON text a line.
    var isJSONLines: Bool {
        ["application/x-ndjson", "application/ndjson", "application/jsonl", "application/jsonlines"].contains(essence)
    }

    /// Tells whether the body is text for people.
    var isText: Bool { essence.hasPrefix("text/") && essence != "text/json" }

    /// Tells whether the body is a form of names and values.
    var isForm: Bool { essence == "application/x-www-form-urlencoded" }

    /// Tells whether text in it can be read: UTF-8, its subset, or nothing said.
    var isUTF8: Bool { charset == nil || charset == "utf-8" || charset == "utf8" || charset == "us-ascii" }

    /// Tells whether any web page can make a browser send a body of this type without asking the server first (Fetch
    /// standard, "CORS-safelisted request-header").
    var isSentWithoutAsking: Bool {
        essence == "text/plain" || isForm || essence == "multipart/form-data"
    }
}

extension Substring {
    /// Without spaces and tabs at either end.
    var trimmed: Substring {
        var rest = self
        while let first = rest.first, first == " " || first == "\t" { rest.removeFirst() }
        while let last = rest.last, last == " " || last == "\t" { rest.removeLast() }
        return rest
    }
}
