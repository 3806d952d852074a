/// What all requests of an ``HTTPClient`` have in common.
public struct HTTPClientConfiguration: Sendable, Hashable {
    /// The `User-Agent`, unless a request has its own.
    public var userAgent: String
    /// The proxy, as a URL: `http://proxy:3128` or `socks5h://…`; none without it, whatever the environment says.
    public var proxy: String?
    /// The hosts that the proxy is not for, separated by commas.
    public var proxyExceptions: String?
    /// A file of certificates to trust, in PEM, instead of the system's.
    public var certificateFile: String?
    /// The most connections each loop opens to one host; more requests wait.
    public var maximalConnectionsPerHost: Int
    /// The most connections each loop keeps for later requests.
    public var maximalIdleConnections: Int
    /// The most mails sent at one time, each on a thread of its own; more wait.
    public var maximalMailConnections: Int

    /// Creates a configuration.
    public init(
        userAgent: String = "postroad", proxy: String? = nil, proxyExceptions: String? = nil,
        certificateFile: String? = nil, maximalConnectionsPerHost: Int = 64, maximalIdleConnections: Int = 256,
        maximalMailConnections: Int = 16
    ) {
        self.userAgent = userAgent
        self.proxy = proxy
        self.proxyExceptions = proxyExceptions
        self.certificateFile = certificateFile
        self.maximalConnectionsPerHost = maximalConnectionsPerHost
        self.maximalIdleConnections = maximalIdleConnections
        self.maximalMailConnections = maximalMailConnections
    }
}
