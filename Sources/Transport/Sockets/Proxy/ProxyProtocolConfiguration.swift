/// From whom a listener expects the PROXY protocol.
public struct ProxyProtocolConfiguration: Sendable, Hashable {
    /// The proxies: their connections must begin with a header, and those of all others must not.
    public var proxies: TrustedPeers
    /// How long a header may take to come.
    public var timeout: Duration

    /// Creates a configuration.
    public init(proxies: TrustedPeers, timeout: Duration = .seconds(5)) {
        self.proxies = proxies
        self.timeout = timeout
    }
}
