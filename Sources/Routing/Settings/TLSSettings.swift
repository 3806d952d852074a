import Configuration

/// What the listeners with TLS show and ask for: `router.tls` in routes.yaml.
public struct TLSSettings: Sendable, Hashable {
    /// A certificate with its key.
    public struct Certificate: Sendable, Hashable {
        /// The certificate, and those that lead from it to its authority.
        public var chain: PlacedText
        /// Its private key.
        public var key: PlacedText

        /// Creates a pair.
        public init(chain: PlacedText, key: PlacedText) {
            self.chain = chain
            self.key = key
        }
    }

    /// The oldest version of TLS.
    public enum Version: String, Sendable, Hashable {
        /// TLS 1.2.
        case tls12 = "1.2"
        /// TLS 1.3.
        case tls13 = "1.3"
    }

    /// Whether clients show a certificate.
    public enum ClientCertificates: String, Sendable, Hashable {
        /// They are not asked.
        case none
        /// They may.
        case request
        /// They must.
        case require
    }

    /// The certificates; a client that asks for none of their names gets the first.
    public var certificates: [Certificate]
    /// The oldest version that clients may speak.
    public var minimum: Version
    /// Whether clients show a certificate.
    public var clientCertificates: ClientCertificates
    /// The authorities that sign clients' certificates; there unless clients are not asked.
    public var clientCA: PlacedText?

    /// Creates settings; what is not given is as in a file that does not give it.
    public init(
        certificates: [Certificate] = [], minimum: Version = .tls12, clientCertificates: ClientCertificates = .none,
        clientCA: PlacedText? = nil
    ) {
        self.certificates = certificates
        self.minimum = minimum
        self.clientCertificates = clientCertificates
        self.clientCA = clientCA
    }

    /// All files that the settings name.
    public var files: [PlacedText] {
        certificates.flatMap { [$0.chain, $0.key] } + (clientCA.map { [$0] } ?? [])
    }
}

extension TLSSettings {
    /// Reads the checked settings; what is still wrong with them is reported.
    init(_ settings: SettingsObject, diagnostics: inout Diagnostics) {
        let certificates = settings.objectList("certificates").compactMap { certificate -> Certificate? in
            guard let chain = PlacedText(path: certificate.value("chain")),
                let key = PlacedText(path: certificate.value("key"))
            else {
                return nil
            }
            return Certificate(chain: chain, key: key)
        }
        self.init(
            certificates: certificates, minimum: Version(rawValue: settings.string("minimum")) ?? .tls12,
            clientCertificates: ClientCertificates(rawValue: settings.string("client_certificates")) ?? .none,
            clientCA: PlacedText(path: settings.value("client_ca")))
        guard settings.isValid else { return }
        if clientCertificates != .none, clientCA == nil {
            diagnostics.error(
                "clients' certificates are checked against client_ca, which is missing",
                at: settings.position(of: "client_certificates"), keyPath: settings.keyPath(of: "client_certificates"))
        }
        if clientCertificates == .none, clientCA != nil {
            diagnostics.warning(
                "nobody is asked for a certificate: client_certificates is none",
                at: settings.position(of: "client_ca"),
                keyPath: settings.keyPath(of: "client_ca"))
        }
    }
}
