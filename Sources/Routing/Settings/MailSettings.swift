public import Configuration

/// Who may hand in mail: `router.smtp` in routes.yaml.
public struct MailSettings: Sendable, Hashable {
    /// Somebody who may log in.
    public struct User: Sendable, Hashable {
        /// The name to log in with.
        public var name: String
        /// The password.
        public var password: Secret
        /// The addresses the user may send under, and what stands for several.
        public var senders: [PlacedText]

        /// Creates a user.
        public init(name: String, password: Secret, senders: [PlacedText]) {
            self.name = name
            self.password = password
            self.senders = senders
        }
    }

    /// The users, by the order of the file.
    public var users: [User]
    /// Whether mail comes in from users who have logged in only.
    public var requiresLogin: Bool

    /// Creates settings; what is not given is as in a file that does not give it.
    public init(users: [User] = [], requiresLogin: Bool = false) {
        self.users = users
        self.requiresLogin = requiresLogin
    }
}

extension MailSettings {
    /// Reads the checked settings; what is still wrong with them is reported.
    init(_ settings: SettingsObject, hasCertificates: Bool, diagnostics: inout Diagnostics) {
        let users = settings.objects("users").compactMap { entry in
            Self.user(entry.name, entry.settings, &diagnostics)
        }
        self.init(users: users, requiresLogin: settings.boolean("require_login"))
        if !users.isEmpty, !hasCertificates {
            diagnostics.error(
                "passwords are taken under TLS only, which needs a certificate: name one in router.tls.certificates",
                at: settings.position(of: "users"), keyPath: settings.keyPath(of: "users"))
        }
        if requiresLogin, settings.map("users").isEmpty {
            diagnostics.error(
                "nobody can log in: there are no users", at: settings.position(of: "require_login"),
                keyPath: settings.keyPath(of: "require_login"))
        }
    }

    private static func user(
        _ name: String, _ settings: SettingsObject, _ diagnostics: inout Diagnostics
    ) -> User? {
        guard let password = settings.secretIfGiven("password") else { return nil }
        if password.isEmpty {
            diagnostics.error(
                "the password is empty", at: settings.position(of: "password"),
                keyPath: settings.keyPath(of: "password"))
        }
        var senders = settings.list("senders").compactMap { PlacedText($0) }
        if senders.isEmpty {
            if !name.contains("@") {
                diagnostics.error(
                    "\(shown(name)) is no address, so say which addresses this user may send under",
                    at: settings.position,
                    keyPath: settings.keyPath(of: "senders"))
            }
            senders = [PlacedText(name, at: settings.position, keyPath: settings.keyPath(of: "senders"))]
        }
        return User(name: name, password: password, senders: senders)
    }
}
