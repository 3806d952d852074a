import Configuration
import Logging
import Routing
import Transport

extension HTTPSettings {
    /// What stands between the listeners and the endpoints.
    ///
    /// - Throws: `TransportError` for a network that is none.
    func middleware(logger: Logger) throws(TransportError) -> [any HTTPMiddleware] {
        let proxies = try TrustedPeers(trustedProxies)
        var configuration = HTTPMiddlewareConfiguration()
        configuration.requestID = RequestIDConfiguration(proxies: proxies)
        if !proxies.isEmpty {
            configuration.trustedProxies = TrustedProxyConfiguration(
                proxies: proxies, fields: proxyFields == .forwarded ? .forwarded : .xForwarded)
        }
        if accessLog { configuration.accessLog = AccessLogConfiguration() }
        configuration.securityHeaders = SecurityHeadersConfiguration(strictTransport: strictTransport)
        if !origins.isEmpty {
            configuration.crossOrigin = CORSConfiguration(
                origins: origins.contains("*") ? .any : .listed(Set(origins)), allowsCredentials: allowsCredentials)
        }
        if rateLimit.client != nil || rateLimit.token != nil {
            configuration.rateLimit = RateLimitConfiguration(
                perAddress: rateLimit.client.map { RequestRate($0, burst: rateLimit.burst) },
                perToken: rateLimit.token.map { RequestRate($0, burst: rateLimit.burst) },
                // The operator's socket has no limits; a proxy's is a client until it is trusted.
                exempt: TrustedPeers())
        }
        configuration.crossSite = CSRFConfiguration(
            trustedOrigins: allowsCredentials ? Set(origins) : [])
        return configuration.middleware(logger: logger)
    }
}

extension TrustedPeers {
    /// Reads networks, and `unix` for whoever comes by a Unix socket.
    ///
    /// - Throws: `TransportError` for what is neither.
    init(_ texts: [String]) throws(TransportError) {
        var networks: [IPNetwork] = []
        for text in texts where text != "unix" { networks.append(try IPNetwork(text)) }
        self.init(networks: networks, includesUnixSockets: texts.contains("unix"))
    }
}

extension RequestRate {
    fileprivate init(_ rate: Rate, burst: Int?) {
        self.init(rate.count, per: rate.period, burst: burst)
    }
}
