public import Logging

/// Which proxies are believed, and where they write who the client is.
public struct TrustedProxyConfiguration: Sendable, Hashable {
    /// The fields that the proxies write.
    ///
    /// One kind only: a proxy that writes the one kind passes the other on as the client sent it.
    public enum Fields: String, Sendable, Hashable, CaseIterable {
        /// `X-Forwarded-For`, `X-Forwarded-Proto` and `X-Forwarded-Host`.
        case xForwarded = "x-forwarded"
        /// `Forwarded` (RFC 7239).
        case forwarded
    }

    /// The proxies.
    public var proxies: TrustedPeers
    /// What they write.
    public var fields: Fields

    /// Creates a configuration.
    public init(proxies: TrustedPeers, fields: Fields = .xForwarded) {
        self.proxies = proxies
        self.fields = fields
    }
}

/// Puts the client's address, `Host` and whether it came by HTTPS into the head, as trusted proxies tell them.
///
/// The list of addresses is walked from its end, where the nearest proxy writes, through trusted proxies only: what
/// stands before the first address that is none of theirs may come from anybody. A list that is malformed where it is
/// walked counts up to there. A client of whom a proxy at a Unix socket tells nothing gets the address 0.0.0.0.
public struct TrustedProxyMiddleware: HTTPMiddleware {
    private let configuration: TrustedProxyConfiguration
    private let logger: Logger

    /// Creates the middleware.
    public init(_ configuration: TrustedProxyConfiguration, logger: Logger) {
        self.configuration = configuration
        self.logger = logger
    }

    /// Asks the next one, with what is known of the client.
    public func respond(to request: HTTPRequest, next: any HTTPHandler) async -> HTTPResponse {
        guard configuration.proxies.contains(request.remoteAddress) else { return await next.respond(to: request) }
        var request = request
        applyHops(to: &request.head)
        // A Unix socket means the operator to some endpoints, and a proxy lets anybody in.
        if request.remoteAddress.isUnix { request.head.remoteAddress = .ip(.v4(0), port: 0) }
        return await next.respond(to: request)
    }

    private func applyHops(to head: inout HTTPRequestHead) {
        let hops: [ForwardedHop]
        switch configuration.fields {
        case .xForwarded: hops = ForwardedHop.legacy(head.headers)
        case .forwarded:
            guard let parsed = ForwardedHop.standard(head.headers) else {
                logger.debug("malformed Forwarded", ["remote": head.remoteAddress])
                return
            }
            hops = parsed
        }
        var last: ForwardedHop?
        for hop in hops.reversed() where configuration.proxies.contains(head.remoteAddress) {
            last = hop
            guard case .address(let client) = hop.node else {
                if hop.node == .malformed { logger.debug("malformed forwarding", ["remote": head.remoteAddress]) }
                break
            }
            // The loopback of another machine is not ours, where it stands for our own programs.
            guard !client.isLoopback || head.remoteAddress.isLoopback else { break }
            head.remoteAddress = client
        }
        if let isSecure = last?.isSecure { head.isSecure = isSecure }
        if let host = last?.host { head.headers["Host"] = host }
    }
}
