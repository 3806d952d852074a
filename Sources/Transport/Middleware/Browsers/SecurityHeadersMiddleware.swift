/// Which fields tell browsers to be careful.
public struct SecurityHeadersConfiguration: Sendable, Hashable {
    /// How long a browser shall use HTTPS only, once it has come by HTTPS (RFC 6797); nil says nothing.
    public var strictTransport: Duration?

    /// Creates a configuration.
    public init(strictTransport: Duration? = nil) {
        self.strictTransport = strictTransport
    }
}

/// Adds fields that keep browsers from guessing types, framing pages and telling others about them; what an endpoint
/// says itself stays.
public struct SecurityHeadersMiddleware: HTTPMiddleware {
    private let fields: [(name: String, value: String)]
    private let strictTransport: String?

    /// Creates the middleware.
    public init(_ configuration: SecurityHeadersConfiguration = SecurityHeadersConfiguration()) {
        fields = [
            ("X-Content-Type-Options", "nosniff"), ("Referrer-Policy", "no-referrer"),
            ("X-Frame-Options", "SAMEORIGIN"),
        ]
        strictTransport = configuration.strictTransport.map { "max-age=\(max(0, $0.components.seconds))" }
    }

    /// Asks the next one and adds to its answer.
    public func respond(to request: HTTPRequest, next: any HTTPHandler) async -> HTTPResponse {
        var response = await next.respond(to: request)
        for (name, value) in fields where !response.headers.contains(name) { response.headers.add(name, value) }
        // Browsers pass over it when it comes in the clear, as anybody could have put it there (§8.1).
        if let strictTransport, request.head.isSecure, !response.headers.contains("strict-transport-security") {
            response.headers.add("Strict-Transport-Security", strictTransport)
        }
        return response
    }
}
