package import Configuration
import Crypto

/// The tokens of a mailbox, and whom they stand for.
package struct TokenTable<Holder: Sendable>: Sendable {
    private let entries: [(token: [UInt8], holder: Holder)]

    /// Creates a table of tokens and those who hold them.
    package init(_ entries: [(token: Secret, holder: Holder)]) {
        self.entries = entries.map { (Array($0.token.reveal().utf8), $0.holder) }
    }

    /// Tells whether there are none.
    package var isEmpty: Bool { entries.isEmpty }

    /// Whom the `Authorization` stands for; `nil` when its token is none of these (RFC 6750 §2.1).
    ///
    /// Every token is compared in full, so that the time tells nothing of them but their lengths.
    package func holder(of authorization: String) -> Holder? {
        guard let token = BearerToken.parse(authorization) else { return nil }
        var found: Holder?
        for entry in entries where constantTimeEquals(entry.token, token) { found = entry.holder }
        return found
    }
}

/// Reads `Authorization: Bearer …`; the scheme is in any case (RFC 9110 §11.1).
enum BearerToken {
    /// The bytes of the token; `nil` for another scheme.
    static func parse(_ authorization: String) -> [UInt8]? {
        let bytes = authorization.utf8
        let scheme = bytes.prefix(7)
        guard scheme.count == 7, zip(scheme, "bearer ".utf8).allSatisfy({ $0 | 0x20 == $1 }) else { return nil }
        return Array(bytes.dropFirst(7).drop { $0 == UInt8(ascii: " ") })
    }
}
