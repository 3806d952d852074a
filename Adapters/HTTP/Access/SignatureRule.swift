import Configuration
import Crypto
import Messages

/// How the requests to `/in/…` prove by a signature where they come from.
struct SignatureRule: Sendable {
    /// How the code is written in its header.
    enum Encoding: String, Sendable, CaseIterable {
        /// Hexadecimal digits.
        case hex
        /// Base64, with or without padding.
        case base64
    }

    private enum Scheme: Sendable {
        /// A code of the body in one header, after a prefix.
        case plain(HMAC, header: String, encoding: Encoding, prefix: String)
        /// Standard Webhooks; any of the keys will do, so that they can be changed.
        case standard([StandardWebhookKey])
    }

    private let scheme: Scheme

    /// A code of the body in one header: `X-Hub-Signature-256: sha256=…`.
    ///
    /// - Throws: `CryptoError.badKey` for an empty secret.
    init(
        secret: Secret, header: String, function: HashFunction, encoding: Encoding, prefix: String
    ) throws(CryptoError) {
        let key = try HMAC(function, key: Array(secret.reveal().utf8))
        scheme = .plain(key, header: header, encoding: encoding, prefix: prefix)
    }

    /// Standard Webhooks, with one or more keys.
    ///
    /// - Throws: `CryptoError.badKey` for what is no key.
    init(standard secrets: [Secret]) throws(CryptoError) {
        var keys: [StandardWebhookKey] = []
        for secret in secrets { keys.append(try StandardWebhookKey(parsing: secret.reveal())) }
        scheme = .standard(keys)
    }

    /// Checks a request.
    ///
    /// - Throws: ``Problem`` with status 401; with 500 when OpenSSL fails.
    func check(body: [UInt8], now: Timestamp, header: (String) -> String?) throws(Problem) {
        let fault: String?
        do throws(CryptoError) {
            switch scheme {
            case .plain(let key, let name, let encoding, let prefix):
                fault = try Self.fault(key, in: header(name), named: name, encoding, prefix, body: body)
            case .standard(let keys): fault = try Self.fault(keys, body: body, now: now, header: header)
            }
        } catch {
            throw Problem(500, error.description)
        }
        if let fault { throw Problem(401, fault) }
    }
}

extension SignatureRule {
    private static func fault(
        _ key: HMAC, in text: String?, named name: String, _ encoding: Encoding, _ prefix: String, body: [UInt8]
    ) throws(CryptoError) -> String? {
        guard let text else { return "the header \(name) is missing" }
        let coded = text.dropFirst(prefix.count)
        let code: [UInt8]? =
            switch encoding {
            case .hex: try? Hex.decode(coded)
            case .base64: try? Base64.standard.padded(.optional).decode(coded)
            }
        guard text.hasPrefix(prefix), let code, try key.isValid(code, for: body) else {
            return "the signature in \(name) is not that of the body"
        }
        return nil
    }

    private static func fault(
        _ keys: [StandardWebhookKey], body: [UInt8], now: Timestamp, header: (String) -> String?
    ) throws(CryptoError) -> String? {
        // Svix, where the specification comes from, writes its own name in front.
        func field(_ name: String) -> String? { header("webhook-\(name)") ?? header("svix-\(name)") }
        guard let id = field("id"), let timestamp = field("timestamp"), let signatures = field("signature") else {
            return "webhook-id, webhook-timestamp or webhook-signature is missing"
        }
        let tolerance = StandardWebhookKey.toleranceInSeconds
        guard let seconds = Int64(timestamp),
            (now.seconds - tolerance...now.seconds + tolerance).contains(seconds)
        else { return "webhook-timestamp is more than five minutes from the router's clock" }
        let content = StandardWebhookKey.signedContent(id: id, timestamp: timestamp, body: body)
        for key in keys where try key.isValid(signatures, for: content) { return nil }
        return "webhook-signature is not that of the body"
    }
}
