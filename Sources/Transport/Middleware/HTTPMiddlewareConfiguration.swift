public import Logging

/// All the middleware of a server; what is nil is left out.
public struct HTTPMiddlewareConfiguration: Sendable {
    /// Names for requests.
    public var requestID: RequestIDConfiguration?
    /// Proxies whose word is taken for who the client is.
    public var trustedProxies: TrustedProxyConfiguration?
    /// A log line for each request.
    public var accessLog: AccessLogConfiguration?
    /// Fields that tell browsers to be careful.
    public var securityHeaders: SecurityHeadersConfiguration?
    /// Pages of other origins that may read answers.
    public var crossOrigin: CORSConfiguration?
    /// How often a client may ask.
    public var rateLimit: RateLimitConfiguration?
    /// A guard against pages of other sites that use a browser's session.
    public var crossSite: CSRFConfiguration?

    /// Creates a configuration without any.
    public init() {}

    /// The middleware in the order it has to stand in.
    ///
    /// Names come first, as they are judged by who is directly at the other end; then the client's true address, for all
    /// that follow; the log line tells of refusals too; and a page of another origin can read that it asks too often.
    public func middleware(logger: Logger) -> [any HTTPMiddleware] {
        var all: [any HTTPMiddleware] = []
        if let requestID { all.append(RequestIDMiddleware(requestID)) }
        if let trustedProxies { all.append(TrustedProxyMiddleware(trustedProxies, logger: logger)) }
        if let accessLog { all.append(AccessLogMiddleware(accessLog, logger: logger)) }
        if let securityHeaders { all.append(SecurityHeadersMiddleware(securityHeaders)) }
        if let crossOrigin { all.append(CORSMiddleware(crossOrigin)) }
        if let rateLimit { all.append(RateLimitMiddleware(rateLimit)) }
        if let crossSite { all.append(CSRFMiddleware(crossSite)) }
        return all
    }
}
