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

    /// The fields in which proxies tell who the client is.
    public enum ProxyFields: String, Sendable, Hashable {
        /// `X-Forwarded-For`, `X-Forwarded-Proto` and `X-Forwarded-Host`.
        case xForwarded = "x-forwarded"
        /// `Forwarded` (RFC 7239).
        case forwarded
    }

    /// The networks of the proxies that are believed; `unix` for those that come by a Unix socket.
    public var trustedProxies: [String]
    /// What these proxies write.
    public var proxyFields: ProxyFields
    /// The origins whose pages may read answers; `*` for all.
    public var origins: [String]
    /// Whether a browser's cookies go along with their requests.
    public var allowsCredentials: Bool
    /// How long browsers shall come by HTTPS only; `nil` to say nothing of it.
    public var strictTransport: Duration?
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
        trustedProxies: [String] = [], proxyFields: ProxyFields = .xForwarded, origins: [String] = [],
        allowsCredentials: Bool = false, strictTransport: Duration? = nil, rateLimit: RateLimit = RateLimit(),
        accessLog: Bool = false, idleTimeout: Duration = .seconds(75), connections: Int = 10_000
    ) {
        self.trustedProxies = trustedProxies
        self.proxyFields = proxyFields
        self.origins = origins
        self.allowsCredentials = allowsCredentials
        self.strictTransport = strictTransport
        self.rateLimit = rateLimit
        self.accessLog = accessLog
        self.idleTimeout = idleTimeout
        self.connections = connections
    }
}

extension HTTPSettings {
    /// Reads the checked settings; what is still wrong with them is reported.
    init(_ settings: SettingsObject, diagnostics: inout Diagnostics) {
        let (limit, cors) = (settings.object("rate_limit"), settings.object("cors"))
        Self.check(settings, limit, cors, &diagnostics)
        self.init(
            trustedProxies: settings.strings("trusted_proxies"),
            proxyFields: ProxyFields(rawValue: settings.string("proxy_fields")) ?? .xForwarded,
            origins: cors.strings("origins"), allowsCredentials: cors.boolean("credentials"),
            strictTransport: settings.durationIfGiven("strict_transport"),
            rateLimit: RateLimit(
                client: limit.stringIfGiven("client").flatMap(Rate.init(parsing:)),
                token: limit.stringIfGiven("token").flatMap(Rate.init(parsing:)), burst: limit.integerIfGiven("burst")),
            accessLog: settings.boolean("access_log"), idleTimeout: settings.duration("idle_timeout"),
            connections: settings.integer("connections"))
    }

    private static func check(
        _ settings: SettingsObject, _ limit: SettingsObject, _ cors: SettingsObject, _ diagnostics: inout Diagnostics
    ) {
        for value in cors.list("origins") {
            guard let text = value.string, let fault = fault(inOrigin: text) else { continue }
            diagnostics.error(
                "expected an origin such as https://app.example.org, or \"*\", got \(shown(text)): \(fault)",
                at: value.position, keyPath: value.keyPath)
        }
        if cors.boolean("credentials"), cors.strings("origins").contains("*") {
            diagnostics.error(
                "cookies only go with origins that are listed, not with \"*\"", at: cors.position(of: "credentials"),
                keyPath: cors.keyPath(of: "credentials"))
        }
        if limit.isValid, limit.isGiven("burst"), !limit.isGiven("client"), !limit.isGiven("token") {
            diagnostics.warning(
                "without client or token nothing is limited", at: limit.position(of: "burst"),
                keyPath: limit.keyPath(of: "burst"))
        }
        if settings.isGiven("proxy_fields"), settings.list("trusted_proxies").isEmpty {
            diagnostics.warning(
                "no proxy is trusted: trusted_proxies names none", at: settings.position(of: "proxy_fields"),
                keyPath: settings.keyPath(of: "proxy_fields"))
        }
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
