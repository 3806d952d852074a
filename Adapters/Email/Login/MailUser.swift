public import Configuration
import Crypto

/// Somebody who may log in to hand in mail.
public struct MailUser: Sendable, Hashable {
    /// Who it is.
    public let identity: MailIdentity
    private let digest: SHA256Digest

    /// Creates a user.
    ///
    /// - Parameters:
    ///   - name: The name to log in with.
    ///   - password: The password; it is not kept, only its digest.
    ///   - senders: The addresses the user may send under: `ann@hq.example`, `*@hq.example` or `*`.
    /// - Throws: ``MailError/badAddress(_:)`` for what is none of these, and ``MailError/badEnvelope(reason:)`` when no
    ///   digest can be made.
    public init(name: String, password: Secret, senders: [String]) throws(MailError) {
        var patterns: [MailPattern] = []
        for sender in senders {
            guard let pattern = MailPattern(sender) else { throw .badAddress(sender) }
            patterns.append(pattern)
        }
        identity = MailIdentity(name: name, senders: patterns)
        digest = try MailUser.digest(Array(password.reveal().utf8))
    }

    /// Tells whether this is an address, or stands for several: `ann@hq.example`, `*@hq.example`, `*`.
    public static func isSender(_ text: String) -> Bool { MailPattern(text) != nil }

    /// Whether the password is right, in a time that depends on neither.
    func hasPassword(_ password: [UInt8]) -> Bool {
        // Without a digest nobody gets in.
        guard let other = try? MailUser.digest(password) else { return false }
        return constantTimeEquals(digest.bytes, other.bytes)
    }

    private static func digest(_ password: [UInt8]) throws(MailError) -> SHA256Digest {
        do throws(CryptoError) {
            return try SHA256.digest(of: password)
        } catch {
            throw .badEnvelope(reason: error.description)
        }
    }
}

extension MailUser: CustomReflectable {
    /// The name alone.
    public var customMirror: Mirror { Mirror(self, children: ["name": identity.name]) }
}
