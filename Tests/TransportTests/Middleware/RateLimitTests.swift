import Testing

@testable import Transport

@Suite struct RateLimitTests {
    private let clock = HandClock()

    private func middleware(
        _ address: RequestRate?, token: RequestRate? = nil, buckets: Int = 100, exempt: TrustedPeers? = nil
    ) -> RateLimitMiddleware {
        RateLimitMiddleware(
            RateLimitConfiguration(
                perAddress: address, perToken: token, maximalBuckets: buckets,
                exempt: exempt ?? TrustedPeers(includesUnixSockets: true), currentTime: { [clock] in clock.now }))
    }

    private func ask(
        _ middleware: RateLimitMiddleware, from remote: String = "192.0.2.1:1", token: String? = nil
    ) async throws -> HTTPResponse {
        var headers = HTTPFields()
        headers["Authorization"] = token
        return await middleware.respond(to: try .of(from: remote, headers: headers), next: Endpoint())
    }

    @Test("a client may ask as often as the burst allows, and then at the rate")
    func rate() async throws {
        let middleware = middleware(RequestRate(60, per: .seconds(60), burst: 3))
        for _ in 0..<3 { #expect(try await ask(middleware).status == .ok) }
        #expect(try await ask(middleware).status == .tooManyRequests)
        clock.advance(by: .milliseconds(999))
        #expect(try await ask(middleware).status == .tooManyRequests)
        clock.advance(by: .milliseconds(1))
        #expect(try await ask(middleware).status == .ok)
        #expect(try await ask(middleware).status == .tooManyRequests)
        clock.advance(by: .seconds(3_600))
        for _ in 0..<3 { #expect(try await ask(middleware).status == .ok) }
        #expect(try await ask(middleware).status == .tooManyRequests)
    }

    @Test("the refusal says when to come again and what the limit is")
    func refusal() async throws {
        let middleware = middleware(RequestRate(2, per: .seconds(60)))
        for _ in 0..<2 { _ = try await ask(middleware) }
        clock.advance(by: .milliseconds(500))
        let response = try await ask(middleware)
        #expect(response.headers["retry-after"] == "30")
        #expect(response.headers["ratelimit"] == "\"address\";r=0;t=30")
        #expect(response.headers["ratelimit-policy"] == "\"address\";q=2;w=60")
        #expect(response.headers["content-type"] == "application/problem+json")
    }

    @Test(
        "an IPv6 client is its network of 64 bits, an IPv4 client its address",
        arguments: [
            ("[2001:db8::1]:1", "[2001:db8::ffff:2]:2", true), ("[2001:db8::1]:1", "[2001:db8:0:1::1]:1", false),
            ("192.0.2.1:1", "192.0.2.1:2", true), ("192.0.2.1:1", "192.0.2.2:1", false),
            ("192.0.2.1:1", "[::ffff:192.0.2.1]:1", true),
        ])
    func networks(first: String, second: String, areOne: Bool) async throws {
        let middleware = middleware(RequestRate(1, per: .seconds(60)))
        #expect(try await ask(middleware, from: first).status == .ok)
        #expect(try await ask(middleware, from: second).status == (areOne ? .tooManyRequests : .ok))
    }

    @Test("a token has a rate of its own, wherever it is used")
    func tokens() async throws {
        let middleware = middleware(nil, token: RequestRate(1, per: .seconds(60)))
        #expect(try await ask(middleware, token: "Bearer a").status == .ok)
        let refused = try await ask(middleware, from: "192.0.2.2:1", token: "Bearer a")
        #expect(refused.status == .tooManyRequests)
        #expect(refused.headers["ratelimit"]?.hasPrefix("\"token\"") == true)
        #expect(try await ask(middleware, token: "Bearer b").status == .ok)
        #expect(try await ask(middleware).status == .ok)
    }

    @Test("changing tokens does not get around the limit of an address")
    func changingTokens() async throws {
        let middleware = middleware(RequestRate(2, per: .seconds(60)), token: RequestRate(9, per: .seconds(60)))
        for index in 0..<2 { #expect(try await ask(middleware, token: "Bearer \(index)").status == .ok) }
        #expect(try await ask(middleware, token: "Bearer 3").status == .tooManyRequests)
    }

    @Test("however many clients come, the memory is bounded, and who asked last is remembered")
    func bounded() async throws {
        let middleware = middleware(RequestRate(1, per: .seconds(60)), buckets: 100)
        for index in 0..<5_000 {
            _ = try await ask(middleware, from: "10.0.\(index / 250).\(index % 250):1")
            #expect(middleware.bucketCount <= 100)
        }
        #expect(try await ask(middleware, from: "10.0.19.249:1").status == .tooManyRequests)
        #expect(try await ask(middleware, from: "10.0.19.220:1").status == .tooManyRequests)
    }

    @Test("a refused client does not fall back further by asking again")
    func asking() async throws {
        let middleware = middleware(RequestRate(1, per: .seconds(10)))
        _ = try await ask(middleware)
        for _ in 0..<50 { #expect(try await ask(middleware).status == .tooManyRequests) }
        clock.advance(by: .seconds(10))
        #expect(try await ask(middleware).status == .ok)
    }

    @Test("who is exempt is never refused")
    func exempt() async throws {
        let middleware = middleware(RequestRate(1, per: .seconds(60)), exempt: try .of("10.0.0.0/8"))
        for _ in 0..<5 { #expect(try await ask(middleware, from: "10.0.0.1:1").status == .ok) }
        for status in [HTTPStatus.ok, .tooManyRequests] {
            #expect(try await ask(middleware, from: "unix:/s").status == status)
        }
    }
}
