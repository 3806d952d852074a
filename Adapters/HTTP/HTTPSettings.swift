import AdapterKit
import Configuration
import Crypto
import Messages

/// The settings of one mailbox, ready for use.
struct HTTPSettings: Sendable {
    /// The tokens that let in.
    let tokens: TokenTable<Client>
    /// What requests to `/in/…` may be signed with, and whom those are from.
    let signature: (rule: SignatureRule, signer: Client)?
    /// The most bytes of a body.
    let bodyLimit: Int
    /// The header of `/in/…` that tells a repetition.
    let eventHeader: String?
    /// Who sends what comes from this machine without a secret; `nil` when a secret is needed.
    let local: Client?

    /// Reads the settings.
    ///
    /// - Throws: `AdapterError.badSettings` for names and keys that cannot be used.
    init(_ settings: SettingsObject, mailbox: String) throws(AdapterError) {
        var diagnostics = Diagnostics()
        var entries: [(token: Secret, holder: Client)] = []
        for entry in settings.map("tokens") {
            guard let token = entry.value.secret, !token.isEmpty else {
                diagnostics.error("the token is empty", at: entry.value.position, keyPath: entry.value.keyPath)
                continue
            }
            if let client = Self.client(entry.name, mailbox, isAuthenticated: true) { entries.append((token, client)) }
        }
        tokens = TokenTable(entries)
        signature = settings.objectIfGiven("hmac").flatMap { Self.signature($0, mailbox, &diagnostics) }
        bodyLimit = settings.byteCount("max_body").bytes
        eventHeader = settings.stringIfGiven("id_header")
        let isOpen = entries.isEmpty && !settings.isGiven("tokens") && !settings.isGiven("hmac")
        local = isOpen ? Self.client("local", mailbox, isAuthenticated: false) : nil
        guard !diagnostics.hasErrors else { throw .badSettings(diagnostics.all) }
    }

    private static func client(_ name: String, _ mailbox: String, isAuthenticated: Bool) -> Client? {
        (try? Address(platform: mailbox, user: name)).map {
            Client(name: name, address: $0, isAuthenticated: isAuthenticated)
        }
    }

    private static func signature(
        _ settings: SettingsObject, _ mailbox: String, _ diagnostics: inout Diagnostics
    ) -> (rule: SignatureRule, signer: Client)? {
        do throws(CryptoError) {
            guard let signer = client(settings.string("sender"), mailbox, isAuthenticated: true) else {
                diagnostics.error(
                    "this can be no part of an address", at: settings.position(of: "sender"),
                    keyPath: settings.keyPath(of: "sender"))
                return nil
            }
            let standard = settings.list("standard").compactMap(\.secret)
            guard standard.isEmpty else { return (try SignatureRule(standard: standard), signer) }
            let rule = try SignatureRule(
                secret: settings.secret("secret"), header: settings.string("header"),
                function: HashFunction(rawValue: settings.string("algorithm")) ?? .sha256,
                encoding: SignatureRule.Encoding(rawValue: settings.string("encoding")) ?? .hex,
                prefix: settings.string("prefix"))
            return (rule, signer)
        } catch {
            diagnostics.error("\(error)", at: settings.position, keyPath: settings.keyPath)
            return nil
        }
    }
}
