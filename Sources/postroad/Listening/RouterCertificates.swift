import Clocks
import Configuration
import Messages
import Routing
import Transport

/// The certificates that the listeners with TLS show.
///
/// Web and mail have a context each, for they agree on other protocols; both read the same files.
struct RouterCertificates: Sendable {
    /// For HTTPS.
    let web: TLSServerContext
    /// For mail.
    let mail: TLSServerContext
    private let clock: any WallClock

    /// Reads the certificates; `nil` when the settings name none.
    ///
    /// - Throws: `TLSError` that says which file is wrong, and how.
    init?(_ settings: TLSSettings, clock: any WallClock) throws(TLSError) {
        guard !settings.certificates.isEmpty else { return nil }
        self.clock = clock
        web = try TLSServerContext(settings.configuration(Self.webProtocols, clock))
        mail = try TLSServerContext(settings.configuration([], clock))
    }

    /// Reads the certificates again, for the handshakes from now on; open connections stay.
    ///
    /// - Returns: whether other certificates are shown now.
    /// - Throws: `TLSError` that says which file is wrong, and how; then nothing has changed.
    func reload(_ settings: TLSSettings) throws(TLSError) -> Bool {
        let before = web.certificates
        try web.reload(settings.configuration(Self.webProtocols, clock))
        try mail.reload(settings.configuration([], clock))
        return web.certificates != before
    }

    /// What an operator should look after.
    var warnings: [TLSWarning] { web.warnings }

    /// The certificates for the status report.
    var status: JSON {
        .array(
            web.certificates.map { certificate in
                [
                    "file": .string(certificate.source), "names": .array(certificate.allNames.map(JSON.string)),
                    "expires": .string(Timestamp(seconds: certificate.validity.upperBound).description),
                    "fingerprint": .string(certificate.fingerprint),
                ]
            })
    }

    private static let webProtocols = ["h2", "http/1.1"]
}

extension TLSCertificateFacts {
    /// The DNS names and the addresses that it is for.
    var allNames: [String] { names + addresses }
}

extension TLSSettings {
    /// What a context is made with.
    fileprivate func configuration(_ protocols: [String], _ clock: any WallClock) -> TLSServerConfiguration {
        configuration(of: certificates, protocols: protocols) { clock.now.seconds }
    }

    /// What a context of some of the certificates is made with.
    func configuration(
        of certificates: [Certificate], protocols: [String] = [], now: @escaping @Sendable () -> Int64
    ) -> TLSServerConfiguration {
        let trust = TLSTrust.file(clientCA?.text ?? "")
        let clients: TLSServerConfiguration.ClientCertificates =
            switch clientCertificates {
            case .none: .none
            case .request: .request(trust)
            case .require: .require(trust)
            }
        return TLSServerConfiguration(
            certificates: certificates.map { TLSCertificate(chainFile: $0.chain.text, keyFile: $0.key.text) },
            minimumVersion: minimum == .tls12 ? .tls12 : .tls13, applicationProtocols: protocols,
            clientCertificates: clients, currentTime: now)
    }
}
