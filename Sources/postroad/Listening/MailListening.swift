import Configuration
import Email
import Logging
import Routing
import Transport

extension SMTPListenerOptions {
    /// How the mail listener of a service works.
    init(_ settings: RouterSettings, _ service: ListenSettings.Service) {
        self.init(
            router: settings.name, dialect: service == .lmtp ? .lmtp : .smtp,
            maximumMessage: settings.limits.message.bytes)
        // A mail server that hands over does not log in.
        requiresLogin = service != .lmtp && settings.mail.requiresLogin
    }
}

extension MailDoor {
    /// What stands between the clients of a service and the mail.
    init(
        _ settings: RouterSettings, _ service: ListenSettings.Service, _ certificates: RouterCertificates?,
        logger: Logger
    ) throws {
        self.init()
        let proxies = try TrustedPeers(settings.listen.proxyNetworks[service] ?? [])
        if !proxies.isEmpty {
            gate = ProxyProtocolGate(ProxyProtocolConfiguration(proxies: proxies), logger: logger)
        }
        guard let tls = certificates?.mail else { return }
        switch service {
        case .smtps: protection = .implicit(tls)
        case .smtp: protection = .startTLS(tls)
        case .lmtp, .http, .https: break
        }
    }
}

extension MailSettings {
    /// The users, ready to log in.
    var accounts: [MailUser] {
        get throws {
            try users.map { user in
                try MailUser(name: user.name, password: user.password, senders: user.senders.map(\.text))
            }
        }
    }
}
