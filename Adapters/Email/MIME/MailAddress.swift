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
