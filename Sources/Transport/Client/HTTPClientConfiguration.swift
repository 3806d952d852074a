/// What all requests of an ``HTTPClient`` have in common.
public struct HTTPClientConfiguration: Sendable, Hashable {
    /// The `User-Agent`, unless a request has its own.
    public var userAgent: String
    /// The proxy for all requests but those to a Unix socket; none without it, whatever `http_proxy` and its like in the
    /// environment say.
    public var proxy: HTTPProxy?
    /// The hosts that the proxy is not for; `NO_PROXY` in the environment is not looked at.
    public var proxyExceptions: HTTPProxyExceptions
    /// How TLS knows servers and shows who asks, unless a request has settings of its own.
    public var security: HTTPClientSecurity
    /// The most requests each loop has under way to one host by connections of their own; more wait.
    public var maximalConnectionsPerHost: Int
    /// The most requests each loop has under way to one host that shares connections by HTTP/2; more wait.
    ///
    /// All share one connection if the server allows so many at one time.
    public var maximalStreamsPerHost: Int
    /// The most requests each loop has under way in all; more wait, and the hosts take turns.
    public var maximalRequests: Int
    /// The most requests that wait for one host; more are refused.
    public var maximalWaitingPerHost: Int
    /// The most connections each loop keeps for later requests.
    public var maximalIdleConnections: Int
    /// The most mails sent at one time, each on a thread of its own; more wait.
    public var maximalMailConnections: Int

    /// Creates a configuration.
    public init(
        userAgent: String = "postroad", proxy: HTTPProxy? = nil,
        proxyExceptions: HTTPProxyExceptions = HTTPProxyExceptions(),
        security: HTTPClientSecurity = HTTPClientSecurity(), maximalConnectionsPerHost: Int = 64,
        maximalStreamsPerHost: Int = 100, maximalRequests: Int = 1024, maximalWaitingPerHost: Int = 10_000,
        maximalIdleConnections: Int = 256, maximalMailConnections: Int = 16
    ) {
        self.userAgent = userAgent
        self.proxy = proxy
        self.proxyExceptions = proxyExceptions
        self.security = security
        self.maximalConnectionsPerHost = maximalConnectionsPerHost
        self.maximalStreamsPerHost = maximalStreamsPerHost
        self.maximalRequests = maximalRequests
        self.maximalWaitingPerHost = maximalWaitingPerHost
        self.maximalIdleConnections = maximalIdleConnections
        self.maximalMailConnections = maximalMailConnections
    }
}
