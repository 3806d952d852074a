/// The machines whose word is taken for who a client is: our own proxies.
public struct TrustedPeers: Sendable, Hashable {
    /// The networks that they are in.
    public var networks: [IPNetwork]
    /// Tells whether whoever connects by a Unix socket is one of them.
    public var includesUnixSockets: Bool

    /// Creates a list; without arguments nobody is trusted.
    public init(networks: [IPNetwork] = [], includesUnixSockets: Bool = false) {
        self.networks = networks
        self.includesUnixSockets = includesUnixSockets
    }

    /// Tells whether nobody is trusted.
    public var isEmpty: Bool { networks.isEmpty && !includesUnixSockets }

    /// Tells whether the other end of a connection is one of them.
    public func contains(_ address: SocketAddress) -> Bool {
        guard let ip = address.ip else { return includesUnixSockets }
        return contains(ip)
    }

    /// Tells whether an address is one of theirs.
    public func contains(_ ip: IPAddress) -> Bool {
        networks.contains { $0.contains(ip) }
    }
}
