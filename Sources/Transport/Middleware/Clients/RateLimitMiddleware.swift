import Synchronization

/// How often clients may ask.
public struct RateLimitConfiguration: Sendable {
    /// The rate of each client address, of IPv6 each network of 64 bits; nil is without a limit.
    public var perAddress: RequestRate?
    /// The rate of each `Authorization`, beside that of its address; nil is without a limit.
    public var perToken: RequestRate?
    /// The most buckets that are kept: about 100 bytes each.
    public var maximalBuckets: Int
    /// Whoever need not keep to it.
    public var exempt: TrustedPeers
    /// The time.
    public var currentTime: @Sendable () -> ContinuousClock.Instant

    /// Creates a configuration; requests by a Unix socket are exempt unless said otherwise.
    public init(
        perAddress: RequestRate?, perToken: RequestRate? = nil, maximalBuckets: Int = 65_536,
        exempt: TrustedPeers = TrustedPeers(includesUnixSockets: true),
        currentTime: @escaping @Sendable () -> ContinuousClock.Instant = { .now }
    ) {
        self.perAddress = perAddress
        self.perToken = perToken
        self.maximalBuckets = maximalBuckets
        self.exempt = exempt
        self.currentTime = currentTime
    }
}

/// Answers 429 to clients that ask too often, and says when to come again.
public final class RateLimitMiddleware: HTTPMiddleware {
    private let configuration: RateLimitConfiguration
    private let buckets: Mutex<RequestBuckets>

    /// Creates the middleware, all buckets full.
    public init(_ configuration: RateLimitConfiguration) {
        self.configuration = configuration
        buckets = Mutex(RequestBuckets(maximalCount: configuration.maximalBuckets))
    }

    /// How many buckets are kept.
    var bucketCount: Int { buckets.withLock { $0.count } }

    /// Asks the next one, or answers 429.
    public func respond(to request: HTTPRequest, next: any HTTPHandler) async -> HTTPResponse {
        guard !configuration.exempt.contains(request.remoteAddress) else { return await next.respond(to: request) }
        let now = configuration.currentTime()
        if let rate = configuration.perAddress,
            let wait = take(.address(Self.network(of: request.remoteAddress)), rate, now)
        {
            return Self.refusal("address", rate, wait)
        }
        if let rate = configuration.perToken, let token = request.headers["authorization"],
            let wait = take(.token(Self.number(of: token)), rate, now)
        {
            return Self.refusal("token", rate, wait)
        }
        return await next.respond(to: request)
    }

    private func take(
        _ key: RequestBuckets.Key, _ rate: RequestRate, _ now: ContinuousClock.Instant
    ) -> Duration? {
        buckets.withLock { $0.take(key, rate, at: now) }
    }

    /// A household or a machine has a whole network of 64 bits; Unix sockets share one bucket.
    private static func network(of address: SocketAddress) -> IPAddress {
        guard let ip = address.ip?.withoutMapping else { return .v4(0) }
        return IPNetwork(containing: ip, prefixLength: 64).address
    }

    /// Swift seeds its hashes anew for each process, so nobody can make two tokens share a number, and none is kept.
    private static func number(of token: String) -> Int {
        var hasher = Hasher()
        hasher.combine(token)
        return hasher.finalize()
    }

    /// The fields are those of draft-ietf-httpapi-ratelimit-headers-09.
    private static func refusal(_ name: String, _ rate: RequestRate, _ wait: Duration) -> HTTPResponse {
        let seconds = wait.wholeSeconds
        return .problem(
            .tooManyRequests, "too many requests of this \(name); come again in \(seconds) s",
            headers: [
                "Retry-After": "\(seconds)", "RateLimit": "\"\(name)\";r=0;t=\(seconds)",
                "RateLimit-Policy": "\"\(name)\";q=\(rate.count);w=\(rate.period.wholeSeconds)",
            ])
    }
}

extension Duration {
    /// The duration in whole seconds, rounded up.
    fileprivate var wholeSeconds: Int64 {
        components.seconds + (components.attoseconds > 0 ? 1 : 0)
    }
}
