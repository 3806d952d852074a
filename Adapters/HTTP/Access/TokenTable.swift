import Configuration
import Crypto

/// The tokens of a mailbox, and whom they stand for.
struct TokenTable: Sendable {
    private let entries: [(token: [UInt8], client: Client)]

    init(_ entries: [(token: Secret, client: Client)]) {
        self.entries = entries.map { (Array($0.token.reveal().utf8), $0.client) }
    }

    /// Tells whether there are none.
    var isEmpty: Bool { entries.isEmpty }

    /// Whom the `Authorization` stands for; `nil` when its token is none of these (RFC 6750 §2.1).
    ///
    /// Every token is compared in full, so that the time tells nothing of them but their lengths.
    func client(of authorization: String) -> Client? {
        guard let token = BearerToken.parse(authorization) else { return nil }
        var found: Client?
        for entry in entries where constantTimeEquals(entry.token, token) { found = entry.client }
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
