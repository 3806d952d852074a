/// How requests get their names.
public struct RequestIDConfiguration: Sendable {
    /// The proxies whose `X-Request-Id` is kept.
    public var proxies: TrustedPeers
    /// Makes a name.
    public var make: @Sendable () -> String

    /// Creates a configuration; without another way names are 13 random characters.
    public init(proxies: TrustedPeers = TrustedPeers(), make: (@Sendable () -> String)? = nil) {
        self.proxies = proxies
        self.make = make ?? { Self.randomName() }
    }

    /// 64 bits in the alphabet of RFC 4648 §6, in lower case: short enough to need no memory of its own.
    private static func randomName() -> String {
        var random = UInt64.random(in: .min ... .max)
        return String(unsafeUninitializedCapacity: 13) { buffer in
            for index in 0..<13 {
                let digit = UInt8(random & 31)
                buffer[index] = digit < 26 ? UInt8(ascii: "a") + digit : UInt8(ascii: "2") + digit - 26
                random >>= 5
            }
            return 13
        }
    }
}

/// Gives each request a name, for log lines and for whoever asks what became of it: `X-Request-Id` of the answer.
public struct RequestIDMiddleware: HTTPMiddleware {
    private let configuration: RequestIDConfiguration

    /// Creates the middleware.
    public init(_ configuration: RequestIDConfiguration = RequestIDConfiguration()) {
        self.configuration = configuration
    }

    /// Asks the next one, with a name.
    public func respond(to request: HTTPRequest, next: any HTTPHandler) async -> HTTPResponse {
        var request = request
        let id = given(request) ?? configuration.make()
        request.id = id
        var response = await next.respond(to: request)
        response.headers["X-Request-Id"] = id
        return response
    }

    /// The name that a trusted proxy gave, if it is one: up to 128 letters, digits and `-._:+/=@`.
    private func given(_ request: HTTPRequest) -> String? {
        guard configuration.proxies.contains(request.remoteAddress) else { return nil }
        guard let id = request.headers["x-request-id"], (1...128).contains(id.utf8.count) else { return nil }
        let isPlain = id.utf8.allSatisfy { byte in
            (0x30...0x39).contains(byte) || (0x61...0x7A).contains(byte | 0x20) || "-._:+/=@".utf8.contains(byte)
        }
        return isPlain ? id : nil
    }
}
