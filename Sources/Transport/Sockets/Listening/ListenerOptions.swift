/// How a ``Listener`` listens.
public struct ListenerOptions: Sendable, Hashable {
    /// The most connections open at one time, on all loops together; more wait in the kernel.
    ///
    /// At least 1.
    public var maximalConnections: Int
    /// How many connections wait in the kernel to be accepted, at most, for each listening socket.
    public var backlog: Int32
    /// The permission bits of a Unix socket's file.
    public var unixSocketMode: UInt32

    /// Creates options; without arguments those of a public service of some size.
    public init(maximalConnections: Int = 10_000, backlog: Int32 = 1_024, unixSocketMode: UInt32 = 0o600) {
        self.maximalConnections = max(1, maximalConnections)
        self.backlog = backlog
        self.unixSocketMode = unixSocketMode
    }
}
