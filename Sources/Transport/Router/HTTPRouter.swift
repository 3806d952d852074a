/// One endpoint: requests of a method whose path a pattern covers.
public struct HTTPRoute: Sendable {
    /// Answers a request, or returns nil when it is not for this endpoint, so that the next one is asked.
    public typealias Responder = @Sendable (HTTPRequest) async -> HTTPResponse?

    /// The method; `HEAD` is answered by the endpoint of `GET`.
    public let method: HTTPMethod
    /// The paths.
    public let pattern: HTTPPathPattern
    /// The most bytes a body may have.
    public let bodyLimit: Int
    let respond: Responder

    /// Creates an endpoint; the body may have 64 KiB unless another limit is given.
    ///
    /// - Throws: `HTTPPatternError` when the pattern is malformed.
    public init(
        _ method: HTTPMethod, _ pattern: String, bodyLimit: Int = 65_536, respond: @escaping Responder
    ) throws(HTTPPatternError) {
        self.method = method
        self.pattern = try HTTPPathPattern(pattern)
        self.bodyLimit = bodyLimit
        self.respond = respond
    }
}

/// Hands each request to the endpoint for its method and path; a frozen value.
///
/// Of several patterns the most specific one goes first (a literal segment before a parameter before a rest); endpoints
/// of the same pattern go in the order they were given in. An endpoint that returns nil passes the request on; 404 is
/// the answer of none, and 405 when only the method is wrong.
public struct HTTPRouter: HTTPHandler {
    private let routes: [String: [HTTPRoute]]
    private let openRoutes: [HTTPRoute]

    /// Creates a router of these endpoints.
    public init(_ routes: [HTTPRoute]) {
        let sorted = routes.enumerated().sorted { left, right in
            if left.element.pattern.isMoreSpecific(than: right.element.pattern) { return true }
            if right.element.pattern.isMoreSpecific(than: left.element.pattern) { return false }
            return left.offset < right.offset
        }
        .map(\.element)
        openRoutes = sorted.filter { $0.firstLiteral == nil }
        var keyed: [String: [HTTPRoute]] = [:]
        for route in sorted {
            if let literal = route.firstLiteral { keyed[literal, default: []].append(route) }
        }
        // Literals go before all others, so the open routes come last.
        self.routes = keyed.mapValues { [openRoutes] in $0 + openRoutes }
    }

    /// The largest limit of the endpoints that may answer; none for a path without one, as its body is not looked at.
    public func bodyLimit(for head: HTTPRequestHead) -> Int {
        matches(head).compactMap { isFor($0.route, head.method) ? $0.route.bodyLimit : nil }.max() ?? Self.unroutedLimit
    }

    /// Answers by the first endpoint that does.
    public func respond(to request: HTTPRequest) async -> HTTPResponse {
        let matches = matches(request.head)
        for (route, parameters) in matches where isFor(route, request.method) {
            var request = request
            request.parameters = parameters
            if let response = await route.respond(request) { return response }
        }
        let allowed = Self.allowed(matches.map(\.route))
        if matches.isEmpty || allowed.contains(request.method.rawValue) {
            return .problem(.notFound, "there is nothing at this path")
        }
        return .problem(
            .methodNotAllowed, "this path does not take \(request.method)",
            headers: ["Allow": allowed.joined(separator: ", ")])
    }

    private func matches(_ head: HTTPRequestHead) -> [(route: HTTPRoute, parameters: [String: String])] {
        (head.segments.first.flatMap { routes[$0] } ?? openRoutes).compactMap { route in
            route.pattern.match(head.segments).map { (route, $0) }
        }
    }

    private func isFor(_ route: HTTPRoute, _ method: HTTPMethod) -> Bool {
        route.method == method || method == .head && route.method == .get
    }

    private static func allowed(_ routes: [HTTPRoute]) -> [String] {
        var names = Set(routes.map(\.method.rawValue))
        if names.contains(HTTPMethod.get.rawValue) { names.insert(HTTPMethod.head.rawValue) }
        return names.sorted()
    }

    /// What a request to nowhere may carry, in bytes, so that its connection can go on.
    private static var unroutedLimit: Int { 65_536 }
}

extension HTTPRoute {
    fileprivate var firstLiteral: String? {
        if case .literal(let text) = pattern.segments.first { text } else { nil }
    }
}
