import Logging
import TestSupport
import Testing

@testable import Transport

@Suite struct TrustedProxyTests {
    private func head(
        _ headers: HTTPFields, from remote: String = "10.0.0.1:9",
        fields: TrustedProxyConfiguration.Fields = .xForwarded,
        isSecure: Bool = false
    ) async throws -> HTTPRequestHead {
        let configuration = TrustedProxyConfiguration(
            proxies: try .of("10.0.0.0/8", "127.0.0.0/8", "2001:db8:1::/48", unix: true), fields: fields)
        let endpoint = Endpoint()
        let middleware = TrustedProxyMiddleware(configuration, logger: .silent)
        _ = await middleware.respond(to: try .of(from: remote, headers: headers, isSecure: isSecure), next: endpoint)
        return try #require(endpoint.last).head
    }

    @Test(
        "the client is the last address of X-Forwarded-For that is no proxy of ours",
        arguments: [
            ("192.0.2.1", "192.0.2.1:0"), ("1.1.1.1, 192.0.2.1", "192.0.2.1:0"), ("192.0.2.1, 10.0.0.2", "192.0.2.1:0"),
            ("192.0.2.1:4711, 10.0.0.2", "192.0.2.1:4711"), ("2001:db8::7", "[2001:db8::7]:0"),
            ("[2001:db8::7]:80, 2001:db8:1::9", "[2001:db8::7]:80"), ("::ffff:192.0.2.1", "192.0.2.1:0"),
            (" 192.0.2.1 ,, 10.0.0.2 ,", "192.0.2.1:0"), ("10.0.0.3, 10.0.0.2", "10.0.0.3:0"), ("", "10.0.0.1:9"),
            // What was said by nobody of ours counts for nothing, whatever it is.
            ("<script>, 192.0.2.1", "192.0.2.1:0"), ("127.0.0.1, 192.0.2.1, 10.0.0.2", "192.0.2.1:0"),
            // A proxy of ours said something we do not understand, or nothing: it is as far as we know.
            ("192.0.2.1, nonsense, 10.0.0.2", "10.0.0.2:0"), ("192.0.2.1, unknown", "10.0.0.1:9"),
            ("1.2.3", "10.0.0.1:9"),
            ("192.0.2.1%eth0", "10.0.0.1:9"), ("192.0.2.1:99999", "10.0.0.1:9"), ("[192.0.2.1]", "10.0.0.1:9"),
            ("2001:db8::7]:1", "10.0.0.1:9"),
            // The loopback of a proxy is not ours.
            ("127.0.0.1", "10.0.0.1:9"), ("::1", "10.0.0.1:9"), ("::ffff:127.0.0.1", "10.0.0.1:9"),
        ])
    func addresses(value: String, client: String) async throws {
        #expect(try await head(["X-Forwarded-For": value]).remoteAddress.description == client)
    }

    @Test("lists spread over several fields are one list")
    func severalFields() async throws {
        let fields: HTTPFields = ["X-Forwarded-For": "192.0.2.1", "x-forwarded-for": "10.0.0.7"]
        #expect(try await head(fields).remoteAddress.description == "192.0.2.1:0")
    }

    @Test("a client that is no proxy is not believed")
    func stranger() async throws {
        let fields: HTTPFields = [
            "X-Forwarded-For": "127.0.0.1", "X-Forwarded-Proto": "https", "X-Forwarded-Host": "localhost",
        ]
        let head = try await head(fields, from: "192.0.2.66:1")
        #expect(head.remoteAddress.description == "192.0.2.66:1")
        #expect(!head.isSecure)
        #expect(head.headers["host"] == "hq.example")
    }

    @Test(
        "the scheme and the host are those that the client used",
        arguments: [
            (["X-Forwarded-For": "192.0.2.1", "X-Forwarded-Proto": "https"], false, true, "hq.example"),
            (["X-Forwarded-For": "192.0.2.1", "X-Forwarded-Proto": "http"], true, false, "hq.example"),
            (["X-Forwarded-For": "192.0.2.1"], true, true, "hq.example"),
            (["X-Forwarded-Proto": "HTTPS", "X-Forwarded-Host": "a.example:8443"], false, true, "a.example:8443"),
            (["X-Forwarded-For": "192.0.2.1", "X-Forwarded-Proto": "https, http"], false, false, "hq.example"),
            (
                ["X-Forwarded-For": "192.0.2.1, 10.0.0.2", "X-Forwarded-Proto": "https, http"], false, true,
                "hq.example"
            ),
            (["X-Forwarded-For": "192.0.2.1, 10.0.0.2", "X-Forwarded-Proto": "https"], false, true, "hq.example"),
            (["X-Forwarded-For": "192.0.2.1", "X-Forwarded-Proto": "gopher"], false, false, "hq.example"),
            (["X-Forwarded-For": "192.0.2.1", "X-Forwarded-Host": "a b"], false, false, "hq.example"),
            (["X-Forwarded-For": "192.0.2.1", "X-Forwarded-Host": "a/b"], false, false, "hq.example"),
            (
                ["X-Forwarded-For": "192.0.2.1", "X-Forwarded-Host": "evil.example, a.example"], false, false,
                "a.example"
            ),
        ] as [(HTTPFields, Bool, Bool, String)])
    func scheme(fields: HTTPFields, wasSecure: Bool, isSecure: Bool, host: String) async throws {
        let head = try await head(fields, isSecure: wasSecure)
        #expect(head.isSecure == isSecure)
        #expect(head.headers.values("host") == [host])
    }

    @Test(
        "Forwarded says the same (RFC 7239)",
        arguments: [
            ("for=192.0.2.43", "192.0.2.43:0", false), ("For=\"192.0.2.43:47011\"", "192.0.2.43:47011", false),
            ("for=\"[2001:db8:cafe::17]:4711\";proto=https", "[2001:db8:cafe::17]:4711", true),
            ("for=192.0.2.43;proto=https, for=10.0.0.7;proto=http", "192.0.2.43:0", true),
            ("for=127.0.0.1, for=192.0.2.43 ; by=203.0.113.60 ;proto=https;ext=\"a;b,c\\\"d\"", "192.0.2.43:0", true),
            ("for=unknown;proto=https", "10.0.0.1:9", true), ("for=_hidden", "10.0.0.1:9", false),
            ("for=\"192.0.2.43:_port\"", "192.0.2.43:0", false), ("proto=https", "10.0.0.1:9", true),
            ("for=\"_gazonk\", for=192.0.2.1", "192.0.2.1:0", false), (" ,; for=192.0.2.1;,", "192.0.2.1:0", false),
            // Malformed fields are passed over as a whole.
            ("for=192.0.2.43;for=127.0.0.1", "10.0.0.1:9", false), ("for=[2001:db8::1]", "10.0.0.1:9", false),
            ("for=\"192.0.2.43", "10.0.0.1:9", false), ("for", "10.0.0.1:9", false), ("for=", "10.0.0.1:9", false),
            ("=192.0.2.1", "10.0.0.1:9", false), ("for = 192.0.2.1", "10.0.0.1:9", false),
            ("for=192.0.2.1 x", "10.0.0.1:9", false), ("for=\"a\\", "10.0.0.1:9", false),
            ("for=192.0.2.1;proto=\"https\"", "192.0.2.1:0", true), ("for=\"2001:db8::1\"", "[2001:db8::1]:0", false),
        ])
    func forwarded(value: String, client: String, isSecure: Bool) async throws {
        let head = try await head(["Forwarded": value], fields: .forwarded)
        #expect(head.remoteAddress.description == client)
        #expect(head.isSecure == isSecure)
    }

    @Test("only the fields that the proxies write are read: the others come from the client")
    func oneKind() async throws {
        let fields: HTTPFields = ["Forwarded": "for=192.0.2.1", "X-Forwarded-For": "198.51.100.1"]
        #expect(try await head(fields).remoteAddress.description == "198.51.100.1:0")
        #expect(try await head(fields, fields: .forwarded).remoteAddress.description == "192.0.2.1:0")
    }

    @Test("behind a Unix socket nobody is the operator")
    func unixSocket() async throws {
        let known = try await head(["X-Forwarded-For": "192.0.2.1"], from: "unix:/run/x")
        #expect(known.remoteAddress.description == "192.0.2.1:0")
        let unknown = try await head([:], from: "unix:/run/x")
        #expect(!unknown.isOverUnixSocket && !unknown.isFromLoopback)
    }

    @Test("a list of any length takes no more than so many steps")
    func long() async throws {
        let value = Array(repeating: "10.0.0.2", count: 3_000).joined(separator: ",")
        #expect(try await head(["X-Forwarded-For": "192.0.2.1," + value]).remoteAddress.description == "10.0.0.2:0")
    }

    @Test("malformed fields are told in the debug log", arguments: [("X-Forwarded-For", "x"), ("Forwarded", "for")])
    func logged(name: String, value: String) async throws {
        let recorder = LogRecorder()
        let configuration = TrustedProxyConfiguration(
            proxies: try .of("10.0.0.0/8"), fields: name == "Forwarded" ? .forwarded : .xForwarded)
        let middleware = TrustedProxyMiddleware(configuration, logger: Logger(level: .debug, sink: recorder))
        _ = await middleware.respond(
            to: try .of(from: "10.0.0.1:9", headers: HTTPFields([.init(name: name, value: value)])), next: Endpoint())
        #expect(recorder.events.count == 1 && recorder.events.allSatisfy { $0.level == .debug })
    }
}
