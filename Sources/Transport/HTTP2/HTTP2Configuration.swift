/// The limits of an ``HTTPServer`` for connections of HTTP/2; those of ``HTTPServerConfiguration`` count too.
public struct HTTP2Configuration: Sendable {
    /// The most requests of one connection under way at a time (RFC 9113 §5.1.2), at least 1.
    public var maximalStreams: Int
    /// How many bytes of one request's body may come before the application has taken them (RFC 9113 §5.2), at least
    /// 1.
    public var streamWindow: Int
    /// How many bytes of all bodies of a connection may come before the application has taken them, at least 65,535.
    public var connectionWindow: Int
    /// The largest frame that the client may send (RFC 9113 §4.2), 16,384 to 16,777,215 bytes.
    public var frameLimit: Int
    /// The most bytes of the client's table of header compression (RFC 7541 §4.2).
    public var headerTableSize: Int
    /// How many requests a client may have given up or spoilt at once; more than that, refilled with ``resetRate``, end
    /// the connection.
    public var resetBurst: Int
    /// How many more requests a client may give up or spoil in a second.
    public var resetRate: Int
    /// How many frames may come at once that bring no request forward, such as PING and SETTINGS; more than that,
    /// refilled with ``controlRate`` and by each piece of a body in either direction, end the connection.
    public var controlBurst: Int
    /// How many more frames that bring no request forward may come in a second.
    public var controlRate: Int

    /// Creates limits; without arguments those for the open Internet.
    public init(
        maximalStreams: Int = 100, streamWindow: Int = 65_535, connectionWindow: Int = 1_048_576,
        frameLimit: Int = 16_384, headerTableSize: Int = 4_096, resetBurst: Int = 400, resetRate: Int = 40,
        controlBurst: Int = 1_000, controlRate: Int = 100
    ) {
        self.maximalStreams = max(1, maximalStreams)
        self.streamWindow = min(max(1, streamWindow), Self.maximalWindow)
        self.connectionWindow = min(max(65_535, connectionWindow), Self.maximalWindow)
        self.frameLimit = min(max(16_384, frameLimit), 16_777_215)
        self.headerTableSize = min(max(0, headerTableSize), 65_536)
        self.resetBurst = max(1, resetBurst)
        self.resetRate = max(0, resetRate)
        self.controlBurst = max(1, controlBurst)
        self.controlRate = max(0, controlRate)
    }

    /// RFC 9113 §6.9.1.
    private static var maximalWindow: Int { 0x7FFF_FFFF }
}
