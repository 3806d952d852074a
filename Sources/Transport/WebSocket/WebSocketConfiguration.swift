/// The limits of a ``WebSocket``.
public struct WebSocketConfiguration: Sendable, Hashable {
    /// The most bytes of a message, decompressed; more closes the connection with 1009.
    public var messageLimit: Int
    /// How long nothing may come before a ping asks whether the other end is there.
    public var pingInterval: Duration
    /// How long the other end may take to answer a ping; then the connection is closed.
    public var pongTimeout: Duration
    /// How long the other end may take to answer a close frame; then the connection is cut.
    public var closeTimeout: Duration
    /// How long a write may take before ``minimumRate`` counts.
    public var writeTimeout: Duration
    /// The fewest bytes per second that the other end must take.
    public var minimumRate: Int
    /// How many pings, pongs and empty fragments may come in ten seconds; more closes the connection with 1008.
    public var controlLimit: Int
    /// Whether messages may be compressed (RFC 7692), and how; nil is never.
    public var compression: WebSocketCompression?

    /// Creates limits; without arguments those for the open Internet.
    public init(
        messageLimit: Int = 1_048_576, pingInterval: Duration = .seconds(30), pongTimeout: Duration = .seconds(20),
        closeTimeout: Duration = .seconds(5), writeTimeout: Duration = .seconds(30), minimumRate: Int = 1_024,
        controlLimit: Int = 200, compression: WebSocketCompression? = WebSocketCompression()
    ) {
        self.messageLimit = max(0, messageLimit)
        self.pingInterval = pingInterval
        self.pongTimeout = pongTimeout
        self.closeTimeout = closeTimeout
        self.writeTimeout = writeTimeout
        self.minimumRate = max(1, minimumRate)
        self.controlLimit = max(1, controlLimit)
        self.compression = compression
    }

    /// How long so many bytes may take to be written.
    func allowedTime(forBytes count: Int) -> Duration {
        writeTimeout + .seconds(count / minimumRate)
    }
}
