import AdapterKit
import Configuration
import Transport

/// The settings of one mailbox, ready for use.
struct EmailSettings: Sendable {
    /// The server that outgoing mail is handed to.
    struct Smarthost: Sendable {
        var host: String
        var port: UInt16
        var security: SMTPSecurity
        var user: String?
        var password: Secret
    }

    /// What outgoing mail comes from, its domain in lower case.
    let address: MailAddress
    /// Which recipients' mail comes in.
    let accepts: [MailPattern]
    /// The name for people.
    let name: String?
    /// The name for mail servers.
    let hello: String
    /// Where mail goes out; `nil` for a mailbox that only receives.
    let smarthost: Smarthost?

    /// Reads the settings.
    ///
    /// - Throws: `AdapterError.badSettings` for addresses that are none, and for half of a user and password.
    init(_ settings: SettingsObject, router: String) throws(AdapterError) {
        var diagnostics = Diagnostics()
        let given = settings.string("address")
        if !MailRenderer.isAddress(given) {
            diagnostics.error(
                "expected an e-mail address such as support@hq.example", at: settings.position(of: "address"),
                keyPath: settings.keyPath(of: "address"))
        }
        address = MailAddress(address: MailAddress(address: given).normalized)
        accepts = Self.patterns(settings, address: given, &diagnostics)
        name = settings.stringIfGiven("name")
        let domain = MailAddress(address: given).domain
        hello = settings.stringIfGiven("hello") ?? (Self.isHostName(router) ? router : domain)
        if !Self.isHostName(hello) {
            diagnostics.error(
                "expected a host's name such as mx.hq.example", at: settings.position(of: "hello"),
                keyPath: settings.keyPath(of: "hello"))
        }
        smarthost = settings.objectIfGiven("smtp").map { Self.smarthost($0, &diagnostics) }
        guard !diagnostics.hasErrors else { throw .badSettings(diagnostics.all) }
    }

    private static func patterns(
        _ settings: SettingsObject, address: String, _ diagnostics: inout Diagnostics
    ) -> [MailPattern] {
        let given = settings.list("accepts")
        guard !given.isEmpty else { return [MailPattern(address)].compactMap(\.self) }
        return given.compactMap { value in
            guard let pattern = value.string.flatMap(MailPattern.init) else {
                diagnostics.error(
                    "expected an address, *@domain or *", at: value.position, keyPath: value.keyPath)
                return nil
            }
            return pattern
        }
    }

    private static func smarthost(_ settings: SettingsObject, _ diagnostics: inout Diagnostics) -> Smarthost {
        let user = settings.stringIfGiven("user")
        let password = settings.secretIfGiven("password")
        if (user == nil) != (password == nil) {
            let missing = user == nil ? "user" : "password"
            diagnostics.error(
                "a user and a password belong together; add \(missing)", at: settings.position,
                keyPath: settings.keyPath(of: missing))
        }
        let security: SMTPSecurity =
            switch settings.string("tls") {
            case "none": .none
            case "required": .startTLS
            case "implicit": .implicitTLS
            default: .startTLSIfOffered
            }
        let usual: UInt16 = security == .implicitTLS ? 465 : user == nil ? 25 : 587
        return Smarthost(
            host: settings.string("host"),
            port: settings.integerIfGiven("port").flatMap { UInt16(exactly: $0) } ?? usual,
            security: security, user: user, password: password ?? Secret(""))
    }

    private static func isHostName(_ text: String) -> Bool {
        (1...253).contains(text.utf8.count)
            && text.utf8.allSatisfy { byte in
                (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
                    || "-._:[]".utf8.contains(byte)
            }
    }
}
