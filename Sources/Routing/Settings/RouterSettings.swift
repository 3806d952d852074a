public import Configuration
public import Messages

/// The settings of the router itself: `router` in routes.yaml.
public struct RouterSettings: Sendable, Hashable {
    /// What the router takes at most.
    public struct Limits: Sendable, Hashable {
        /// The largest message, its files included.
        public var message: ByteCount
        /// How much may wait in the spool.
        public var spool: ByteCount
        /// How many routers a message passes.
        public var hops: Int
        /// How many generations of messages may come of one another.
        public var depth: Int

        /// Creates limits.
        public init(
            message: ByteCount = ByteCount(bytes: 25 << 20), spool: ByteCount = ByteCount(bytes: 10 << 30),
            hops: Int = 16, depth: Int = 8
        ) {
            self.message = message
            self.spool = spool
            self.hops = hops
            self.depth = depth
        }
    }

    /// Who may read the metrics.
    public enum MetricsReaders: String, Sendable, Hashable, CaseIterable {
        /// Whoever can open the control socket.
        case operators = "operator"
        /// Programs of this machine too.
        case local
        /// Whoever reaches a listener.
        case everyone
    }

    /// The router's name in federated addresses and traces.
    public var name: String
    /// The folder of the spool, the blobs and the keys.
    public var data: String
    /// Where the router listens.
    public var listen: ListenSettings
    /// What the listeners with TLS show and ask for.
    public var tls: TLSSettings
    /// Who may hand in mail.
    public var mail: MailSettings
    /// How clients of the HTTP listeners are treated.
    public var http: HTTPSettings
    /// The proxy by which requests go out; `nil` for none.
    public var proxy: OutgoingProxySettings?
    /// What the router takes at most.
    public var limits: Limits
    /// Who may read the metrics.
    public var metrics: MetricsReaders
    /// How long settled messages stay.
    public var retention: Duration
    /// Who is told when something goes wrong with the router itself.
    public var postmaster: Address
    /// How the router is reached from outside.
    public var publicURL: String?

    /// Creates settings; what is not given is as in a file that does not give it.
    public init(
        name: String, data: String = "data", listen: ListenSettings = ListenSettings(),
        tls: TLSSettings = TLSSettings(), mail: MailSettings = MailSettings(), http: HTTPSettings = HTTPSettings(),
        proxy: OutgoingProxySettings? = nil,
        limits: Limits = Limits(), metrics: MetricsReaders = .operators, retention: Duration = .seconds(2_592_000),
        postmaster: Address,
        publicURL: String? = nil
    ) {
        self.name = name
        self.data = data
        self.listen = listen
        self.tls = tls
        self.mail = mail
        self.http = http
        self.proxy = proxy
        self.limits = limits
        self.metrics = metrics
        self.retention = retention
        self.postmaster = postmaster
        self.publicURL = publicURL
    }
}

extension RouterSettings {
    /// The mailbox that is always there.
    static let localMailbox = "local"

    /// Reads the checked settings; what is still wrong with them is reported.
    ///
    /// - Parameters:
    ///   - settings: the settings.
    ///   - hostName: the name that the router has unless the file gives one.
    ///   - folder: the folder of the file, for a path that is a default.
    ///   - diagnostics: where faults go.
    init?(_ settings: SettingsObject, hostName: String, folder: String, diagnostics: inout Diagnostics) {
        let given = settings.stringIfGiven("name")
        let name = given ?? hostName
        if let reason = Self.fault(inName: name) {
            diagnostics.error(
                given == nil
                    ? "the host's name cannot be the router's: \(reason); give the router a name"
                    : "this cannot be the router's name: \(reason)",
                at: settings.position(of: "name"), keyPath: settings.keyPath(of: "name"))
        }
        // The default is an address, so only a faulty one is missing, and that is reported.
        guard let postmaster = settings.address("postmaster") else { return nil }
        let limits = settings.object("limits")
        let tls = TLSSettings(settings.object("tls"), diagnostics: &diagnostics)
        let hasCertificates = settings.object("tls").isGiven("certificates")
        self.init(
            name: name, data: Self.path(settings, "data", folder: folder),
            listen: ListenSettings(
                settings.object("listen"), hasCertificates: hasCertificates, diagnostics: &diagnostics),
            tls: tls,
            mail: MailSettings(
                settings.object("smtp"), hasCertificates: hasCertificates, diagnostics: &diagnostics),
            http: HTTPSettings(settings.object("http"), diagnostics: &diagnostics),
            proxy: OutgoingProxySettings(settings.objectIfGiven("proxy")),
            limits: Limits(
                message: limits.byteCount("message"), spool: limits.byteCount("spool"), hops: limits.integer("hops"),
                depth: limits.integer("depth")),
            metrics: MetricsReaders(rawValue: settings.string("metrics")) ?? .operators,
            retention: settings.duration("retention"), postmaster: postmaster,
            publicURL: settings.stringIfGiven("public_url"))
    }

    private static func fault(inName name: String) -> String? {
        do {
            _ = try Address(peers: [name], platform: "a", user: "a")
            return name.contains("!") ? "a router's name has no \"!\" in it" : nil
        } catch .badAddress(_, _, let reason) {
            return reason
        } catch {
            return error.description
        }
    }

    /// A path of the file is relative to the file that gives it, a default to the main file.
    private static func path(_ settings: SettingsObject, _ name: String, folder: String) -> String {
        let isGiven = settings.isGiven(name)
        return settings.string(name).relative(to: isGiven ? settings.position(of: name).folder : folder)
    }
}
