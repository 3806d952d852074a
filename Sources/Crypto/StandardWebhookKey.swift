/// A key that signs or checks webhooks as Standard Webhooks 1.0 has it: over `id.timestamp.body`.
///
/// `whsec_` is a shared secret of 24 to 64 bytes (HMAC-SHA256, signatures `v1`), `whsk_` an Ed25519 private key that
/// signs and `whpk_` its public half that checks (signatures `v1a`); all in base64.
public struct StandardWebhookKey: Sendable {
    private enum Kind: Sendable {
        case shared(HMAC)
        case signing(Ed25519PrivateKey)
        case checking(Ed25519PublicKey)
    }

    /// How far the timestamp of a webhook may be from now, in seconds: what the public libraries use.
    public static let toleranceInSeconds: Int64 = 300

    private let kind: Kind

    /// Reads a key from its text.
    ///
    /// - Throws: ``CryptoError/badKey(kind:reason:)`` for another prefix or length, and for text that is not base64.
    public init(parsing text: some StringProtocol) throws(CryptoError) {
        guard let end = text.utf8.firstIndex(of: UInt8(ascii: "_")) else { throw Self.bad(Self.expectation) }
        let key = try Self.decoded(text[text.utf8.index(after: end)...])
        switch text[..<end] {
        case "whsec":
            guard (24...64).contains(key.count) else {
                throw Self.bad("a shared secret has 24 to 64 bytes, this one has \(key.count)")
            }
            kind = .shared(try HMAC(.sha256, key: key))
        case "whsk":
            // The specification leaves open whether the public half follows the seed.
            guard key.count == 32 || key.count == 64 else {
                throw Self.bad("a private key has 32 or 64 bytes, this one has \(key.count)")
            }
            kind = .signing(try Ed25519PrivateKey(seed: key.prefix(32)))
        case "whpk": kind = .checking(try Ed25519PublicKey(bytes: key))
        default: throw Self.bad(Self.expectation)
        }
    }

    /// Tells whether the key can sign; a public one only checks.
    public var canSign: Bool {
        if case .checking = kind { false } else { true }
    }

    /// Returns the bytes that are signed, which several keys can share.
    ///
    /// - Parameters:
    ///   - id: The `webhook-id`, without a `.`.
    ///   - timestamp: The `webhook-timestamp`, in whole seconds since 1970, as it is sent.
    ///   - body: The body, byte by byte as it is sent.
    /// - Returns: The three, with `.` in between.
    public static func signedContent(id: String, timestamp: String, body: [UInt8]) -> [UInt8] {
        var content: [UInt8] = []
        content.reserveCapacity(id.utf8.count + timestamp.utf8.count + body.count + 2)
        content.append(contentsOf: id.utf8)
        content.append(UInt8(ascii: "."))
        content.append(contentsOf: timestamp.utf8)
        content.append(UInt8(ascii: "."))
        content.append(contentsOf: body)
        return content
    }

    /// Returns the signature of what ``signedContent(id:timestamp:body:)`` made, as `webhook-signature` lists it.
    ///
    /// - Throws: ``CryptoError`` for a public key, and when OpenSSL refuses.
    public func signature(for content: [UInt8]) throws(CryptoError) -> String {
        switch kind {
        case .shared(let key): "v1,\(Base64.standard.encode(try key.code(for: content)))"
        case .signing(let key): "v1a,\(Base64.standard.encode(try key.signature(for: content)))"
        case .checking: throw Self.bad("a public key cannot sign")
        }
    }

    /// Tells whether one of the signatures of a `webhook-signature` is by this key; other versions are passed over.
    ///
    /// - Throws: ``CryptoError`` when OpenSSL refuses.
    public func isValid(_ signatures: some StringProtocol, for content: [UInt8]) throws(CryptoError) -> Bool {
        var isValid = false
        for entry in signatures.split(separator: " ").prefix(16) {
            let pieces = entry.split(separator: ",", maxSplits: 1)
            guard pieces.count == 2, let bytes = try? Base64.standard.decode(pieces[1]) else { continue }
            switch (kind, pieces[0]) {
            case (.shared(let key), "v1"): if try key.isValid(bytes, for: content) { isValid = true }
            case (.signing(let key), "v1a"):
                if try key.publicKey.isValid(bytes, for: content) { isValid = true }
            case (.checking(let key), "v1a"): if try key.isValid(bytes, for: content) { isValid = true }
            default: continue
            }
        }
        return isValid
    }

    private static let expectation = "expected whsec_, whsk_ or whpk_ and base64"

    private static func bad(_ reason: String) -> CryptoError { .badKey(kind: "Standard Webhooks", reason: reason) }

    private static func decoded(_ text: some StringProtocol) throws(CryptoError) -> [UInt8] {
        do {
            return try Base64.standard.padded(.optional).decode(text)
        } catch {
            throw bad("after the prefix: \(error)")
        }
    }
}

extension StandardWebhookKey: CustomStringConvertible, CustomReflectable {
    /// What it is good for; the key is never shown.
    public var description: String {
        switch kind {
        case .shared: "whsec_***"
        case .signing: "whsk_***"
        case .checking(let key): "whpk_\(key)"
        }
    }

    /// Nothing: a dump must not show the key.
    public var customMirror: Mirror { Mirror(self, children: []) }
}
