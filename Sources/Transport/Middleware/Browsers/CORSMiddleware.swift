/// Which pages of other origins may use this server from a browser (the Fetch standard's CORS protocol).
public struct CORSConfiguration: Sendable, Hashable {
    /// The origins that may.
    public enum Origins: Sendable, Hashable {
        /// These, as browsers write them: `https://app.example`, without a slash at the end.
        case listed(Set<String>)
        /// All, but none with cookies.
        case any
    }

    /// The origins that may.
    public var origins: Origins
    /// Tells whether the browser's cookies may come along; never for ``Origins/any``.
    public var allowsCredentials: Bool
    /// The methods that pages may use beside `GET`, `HEAD` and plain `POST`.
    public var methods: [HTTPMethod]
    /// The header fields that pages may set.
    public var requestHeaders: [String]
    /// The header fields that pages may read beside the plain ones.
    public var exposedHeaders: [String]
    /// How long a browser may remember the answer to its question.
    public var maximalAge: Duration

    /// Creates a configuration.
    public init(
        origins: Origins, allowsCredentials: Bool = false,
        methods: [HTTPMethod] = [.get, .head, .post, .put, .patch, .delete],
        requestHeaders: [String] = ["Authorization", "Content-Type", "Idempotency-Key", "Last-Event-ID"],
        exposedHeaders: [String] = ["Location", "Retry-After", "X-Request-Id"], maximalAge: Duration = .seconds(600)
    ) {
        self.origins = origins
        self.allowsCredentials = allowsCredentials
        self.methods = methods
        self.requestHeaders = requestHeaders
        self.exposedHeaders = exposedHeaders
        self.maximalAge = maximalAge
    }
}

/// Lets pages of configured origins use this server, and answers the questions that browsers ask first.
///
/// Nothing is refused here: a page of another origin cannot read what it gets, and ``CSRFMiddleware`` is what keeps it
/// from doing something.
public struct CORSMiddleware: HTTPMiddleware {
    private let configuration: CORSConfiguration
    private let methods: String
    private let requestHeaders: String
    private let exposedHeaders: String

    /// Creates the middleware.
    public init(_ configuration: CORSConfiguration) {
        self.configuration = configuration
        methods = configuration.methods.map(\.rawValue).joined(separator: ", ")
        requestHeaders = configuration.requestHeaders.joined(separator: ", ")
        exposedHeaders = configuration.exposedHeaders.joined(separator: ", ")
    }

    /// Answers a browser's question, or asks the next one and says who may read the answer.
    public func respond(to request: HTTPRequest, next: any HTTPHandler) async -> HTTPResponse {
        let allowed = request.headers["origin"].flatMap(allowedOrigin)
        if request.method == .options, request.headers.contains("access-control-request-method"), let allowed {
            return preflight(allowed)
        }
        var response = await next.respond(to: request)
        if let allowed {
            allow(allowed, in: &response.headers)
            if !exposedHeaders.isEmpty { response.headers["Access-Control-Expose-Headers"] = exposedHeaders }
        }
        // A cache must not give one origin's answer to another, the lack of a permission included.
        if configuration.origins != .any { response.headers.addVary("Origin") }
        return response
    }

    /// What to answer for an origin, `*` or itself; nil when it may not.
    private func allowedOrigin(_ origin: String) -> String? {
        switch configuration.origins {
        case .any: "*"
        case .listed(let origins): origins.contains(origin) && origin != "null" ? origin : nil
        }
    }

    private func allow(_ origin: String, in headers: inout HTTPFields) {
        headers["Access-Control-Allow-Origin"] = origin
        if configuration.allowsCredentials, origin != "*" { headers["Access-Control-Allow-Credentials"] = "true" }
    }

    private func preflight(_ origin: String) -> HTTPResponse {
        var response = HTTPResponse(.noContent)
        allow(origin, in: &response.headers)
        response.headers.add("Access-Control-Allow-Methods", methods)
        if !requestHeaders.isEmpty { response.headers.add("Access-Control-Allow-Headers", requestHeaders) }
        response.headers.add("Access-Control-Max-Age", "\(max(0, configuration.maximalAge.components.seconds))")
        response.headers.addVary("Origin, Access-Control-Request-Method, Access-Control-Request-Headers")
        return response
    }
}

extension HTTPFields {
    /// Adds names to `Vary` (RFC 9110 §12.5.5), unless they are there.
    mutating func addVary(_ names: String) {
        guard let known = self["vary"] else { return add("Vary", names) }
        let missing = names.split(separator: ",").map { $0.trimmingHTTPSpace() }.filter { name in
            !list("vary").contains { HTTPFields.isEqual($0, name) || $0 == "*" }
        }
        guard !missing.isEmpty else { return }
        self["Vary"] = ([known[...]] + missing).joined(separator: ", ")
    }
}
