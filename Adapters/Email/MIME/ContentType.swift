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

/// A mailbox in a header: a name to show and an address (RFC 5322 §3.4).
public struct MailAddress: Sendable, Hashable {
    /// The name to show.
    public var name: String?
    /// `local@domain`, as it was written.
    public var address: String

    /// Creates an address.
    public init(name: String? = nil, address: String) {
        self.name = name.flatMap { $0.isEmpty ? nil : $0 }
        self.address = address
    }

    /// What stands before the last `@`.
    public var localPart: Substring {
        address.lastIndex(of: "@").map { address[..<$0] } ?? address[...]
    }

    /// What stands after the last `@`, in lower case; empty without one.
    public var domain: String {
        address.lastIndex(of: "@").map { address[address.index(after: $0)...].lowercased() } ?? ""
    }

    /// The address with its domain in lower case: domains know no case, local parts may.
    public var normalized: String {
        domain.isEmpty ? address : "\(localPart)@\(domain)"
    }
}
