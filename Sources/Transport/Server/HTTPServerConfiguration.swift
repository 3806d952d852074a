import Glibc

/// The limits of an ``HTTPServer``.
public struct HTTPServerConfiguration: Sendable {
    /// The most bytes of a request line and its header fields; more is answered with 431.
    public var headLimit: Int
    /// How long a head may take from its first byte, or the first one of a connection from the start; then 408.
    public var headTimeout: Duration
    /// How long a connection may stay without a request.
    public var idleTimeout: Duration
    /// How long a body, or a write, may take before the rate counts.
    public var graceTime: Duration
    /// The fewest bytes per second a body must come with, and a response be taken with, once the grace time is over.
    public var minimumRate: Int
    /// How long the server reads on after an error's response, so that the client gets to see it.
    public var lingerTime: Duration
    /// The limits of connections of HTTP/2.
    public var http2: HTTP2Configuration
    /// The wall-clock time, in seconds since 1970, for the `Date` field.
    public var currentTime: @Sendable () -> Int64

    /// Creates limits; without arguments those for the open Internet, and the machine's clock.
    public init(
        headLimit: Int = 32 * 1_024, headTimeout: Duration = .seconds(30), idleTimeout: Duration = .seconds(75),
        graceTime: Duration = .seconds(30), minimumRate: Int = 1_024, lingerTime: Duration = .seconds(2),
        http2: HTTP2Configuration = HTTP2Configuration(), currentTime: (@Sendable () -> Int64)? = nil
    ) {
        self.headLimit = headLimit
        self.headTimeout = headTimeout
        self.idleTimeout = idleTimeout
        self.graceTime = graceTime
        self.minimumRate = max(1, minimumRate)
        self.lingerTime = lingerTime
        self.http2 = http2
        self.currentTime = currentTime ?? { Int64(time(nil)) }
    }

    /// How long so many bytes may take altogether.
    func allowedTime(forBytes count: Int) -> Duration {
        graceTime + .seconds(count / minimumRate)
    }
}
