public import Configuration

/// How clients of the HTTP listeners are treated: `router.http` in routes.yaml.
public struct HTTPSettings: Sendable, Hashable {
    /// How often clients may ask.
    public struct RateLimit: Sendable, Hashable {
        /// Requests of one client, by its address; `nil` for no limit.
        public var client: Rate?
        /// Requests with one token; `nil` for no limit.
        public var token: Rate?
        /// How many may come at once after a quiet time; `nil` for as many as the rate counts.
        public var burst: Int?

        /// Creates limits.
        public init(client: Rate? = nil, token: Rate? = nil, burst: Int? = nil) {
            self.client = client
            self.token = token
            self.burst = burst
        }
    }

    /// The networks of the proxies that are believed; `unix` for those that come by a Unix socket.
    public var trustedProxies: [String]
    /// The origins whose pages may read answers; `*` for all.
    public var origins: [String]
    /// How often clients may ask.
    public var rateLimit: RateLimit
    /// Whether every request is logged.
    public var accessLog: Bool
    /// How long a connection may stay without a request.
    public var idleTimeout: Duration
    /// How many connections each listener has open at one time.
    public var connections: Int

    /// Creates settings; what is not given is as in a file that does not give it.
    public init(
        trustedProxies: [String] = [], origins: [String] = [], rateLimit: RateLimit = RateLimit(),
        accessLog: Bool = false, idleTimeout: Duration = .seconds(75), connections: Int = 10_000
    ) {
        self.trustedProxies = trustedProxies
        self.origins = origins
        self.rateLimit = rateLimit
        self.accessLog = accessLog
        self.idleTimeout = idleTimeout
        self.connections = connections
    }
}

extension HTTPSettings {
    /// Reads the checked settings; what is still wrong with them is reported.
    init(_ settings: SettingsObject, diagnostics: inout Diagnostics) {
        let limit = settings.object("rate_limit")
        for value in settings.object("cors").list("origins") {
            guard let text = value.string, let fault = Self.fault(inOrigin: text) else { continue }
            diagnostics.error(
                "expected an origin such as https://app.example.org, or \"*\", got \(shown(text)): \(fault)",
                at: value.position, keyPath: value.keyPath)
        }
        let rateLimit = RateLimit(
            client: limit.stringIfGiven("client").flatMap(Rate.init(parsing:)),
            token: limit.stringIfGiven("token").flatMap(Rate.init(parsing:)), burst: limit.integerIfGiven("burst"))
        if limit.isValid, rateLimit.burst != nil, !limit.isGiven("client"), !limit.isGiven("token") {
            diagnostics.warning(
                "without client or token nothing is limited", at: limit.position(of: "burst"),
                keyPath: limit.keyPath(of: "burst"))
        }
        self.init(
            trustedProxies: settings.strings("trusted_proxies"), origins: settings.object("cors").strings("origins"),
            rateLimit: rateLimit, accessLog: settings.boolean("access_log"),
            idleTimeout: settings.duration("idle_timeout"), connections: settings.integer("connections"))
    }

    /// Why a text cannot be an origin as browsers send it (RFC 6454 §7), if it cannot.
    private static func fault(inOrigin text: String) -> String? {
        if text == "*" { return nil }
        guard let scheme = ["https://", "http://"].first(where: text.hasPrefix) else {
            return "it begins with https:// or http://"
        }
        let host = text.dropFirst(scheme.count)
        if host.isEmpty || host.hasPrefix(":") { return "it has no host" }
        if host.contains("/") { return "it ends with the host or the port, without a slash" }
        let isPlain = host.unicodeScalars.allSatisfy {
            $0.isASCII && $0.value > 0x20 && !"@?#*".unicodeScalars.contains($0)
        }
        return isPlain && host.lowercased() == host ? nil : "its host is in lower case, without a wildcard"
    }
}
