/// What a body is (RFC 2045 §5.1).
struct ContentType: Sendable, Hashable {
    /// The type, in lower case: `text`.
    var type: String
    /// The subtype, in lower case: `plain`.
    var subtype: String
    /// The decoded parameters by their names in lower case.
    var parameters: [String: String]

    /// What a body is when nobody says (RFC 2045 §5.2).
    static let plainText = ContentType(type: "text", subtype: "plain", parameters: [:])

    /// The type and the subtype, as in `text/plain`.
    var mediaType: String { "\(type)/\(subtype)" }
}

/// How a body is to be shown (RFC 2183).
struct ContentDisposition: Sendable, Hashable {
    /// `inline` or `attachment`, in lower case; other words mean `attachment`.
    var value: String
    /// The decoded parameters by their names in lower case.
    var parameters: [String: String]
}
