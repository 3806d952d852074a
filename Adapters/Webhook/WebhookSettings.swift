import AdapterKit
import Configuration
import Crypto
import Messages

/// One receiver of webhooks.
struct WebhookEndpoint: Sendable {
    /// The user of its address.
    let name: String
    /// Where it is.
    let url: String
    /// What requests are signed with; several while a secret is changed.
    let keys: [StandardWebhookKey]
    /// The longest that one attempt takes.
    let timeout: Duration
    /// Header fields of its own.
    let headers: [(name: String, value: Secret)]
}

extension WebhookEndpoint {
    /// What a request tells the endpoint and nobody else may see: its own headers, and the path of its URL, in which some
    /// services put a token.
    var secretTexts: [String] {
        let path = url.split(separator: "/", omittingEmptySubsequences: true).dropFirst(2)
        let parts = path.flatMap { $0.split { "?&=#".contains($0) } }.map(String.init)
        return headers.map { $0.value.reveal() } + parts.filter { $0.utf8.count >= Self.minimumTokenLength }
    }

    /// Shorter parts of a path are words.
    private static var minimumTokenLength: Int { 16 }
}

/// The settings of one mailbox, ready for use.
struct WebhookSettings: Sendable {
    /// The receivers by name.
    let endpoints: [String: WebhookEndpoint]
    /// Whether receivers may be in private networks.
    let allowsPrivateAddresses: Bool
    /// The most bytes of a request.
    let bodyLimit: Int

    /// Reads the settings.
    ///
    /// - Throws: `AdapterError.badSettings` for keys that cannot sign, missing keys, and names that no address can have.
    init(_ settings: SettingsObject, mailbox: String) throws(AdapterError) {
        var diagnostics = Diagnostics()
        var endpoints: [String: WebhookEndpoint] = [:]
        for (name, settings) in settings.objects("endpoints") {
            if (try? Address(platform: mailbox, user: name)) == nil {
                diagnostics.error(
                    "this name can be no part of an address", at: settings.position, keyPath: settings.keyPath)
            }
            endpoints[name] = Self.endpoint(name, settings, &diagnostics)
        }
        self.endpoints = endpoints
        allowsPrivateAddresses = settings.boolean("allow_private")
        bodyLimit = settings.byteCount("max_body").bytes
        guard !diagnostics.hasErrors else { throw .badSettings(diagnostics.all) }
    }

    private static func endpoint(
        _ name: String, _ settings: SettingsObject, _ diagnostics: inout Diagnostics
    ) -> WebhookEndpoint {
        var keys: [StandardWebhookKey] = []
        let secrets = [settings.value("secret")].compactMap(\.self) + settings.list("secrets")
        for value in secrets {
            guard let secret = value.secret else { continue }
            do throws(CryptoError) {
                let key = try StandardWebhookKey(parsing: secret.reveal())
                if key.canSign {
                    keys.append(key)
                } else {
                    throw .badKey(kind: "signing", reason: "it is a public key")
                }
            } catch {
                diagnostics.error("\(error)", at: value.position, keyPath: value.keyPath)
            }
        }
        if secrets.isEmpty {
            diagnostics.error(
                "a secret is missing; make one with: echo whsec_$(openssl rand -base64 32)", at: settings.position,
                keyPath: settings.keyPath(of: "secret"))
        }
        let url = settings.string("url")
        if !url.hasPrefix("http://"), !url.hasPrefix("https://") {
            diagnostics.error(
                "expected a URL that begins with https:// or http://", at: settings.position(of: "url"),
                keyPath: settings.keyPath(of: "url"))
        }
        checkHeaders(settings, &diagnostics)
        return WebhookEndpoint(
            name: name, url: url, keys: keys, timeout: settings.duration("timeout"),
            headers: settings.map("headers").compactMap { entry in entry.value.secret.map { (entry.name, $0) } })
    }

    /// A line break in a header would let its value write others.
    private static func checkHeaders(_ settings: SettingsObject, _ diagnostics: inout Diagnostics) {
        for entry in settings.map("headers") {
            let isName = entry.name.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: ":") }
            let isValue =
                entry.value.secret?.reveal().utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F || $0 == 0x09 } ?? true
            guard !isName || !isValue else { continue }
            diagnostics.error(
                "this is no header: names have no spaces and colons, values no line breaks", at: entry.value.position,
                keyPath: entry.value.keyPath)
        }
    }
}
