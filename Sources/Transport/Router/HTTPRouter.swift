/// Hands each request to the endpoint for its method and path; a frozen value.
///
/// Of several patterns the most specific one goes first (a literal segment before a parameter before a rest); endpoints
/// of the same pattern go in the order they were given in. An endpoint that returns nil passes the request on; 404 is
/// the answer of none, and 405 when only the method is wrong. `OPTIONS` is answered with the methods of the path where
/// no endpoint is for it.
public struct HTTPRouter: HTTPHandler {
    private let tree: HTTPRouteTree

    /// Creates a router of these endpoints.
    public init(_ routes: [HTTPRoute]) {
        tree = HTTPRouteTree(routes)
    }

    /// The largest limit of the endpoints that may answer; 64 KiB for a path without one, so that its connection can go
    /// on.
    public func bodyLimit(for head: HTTPRequestHead) -> Int {
        var limit: Int?
        tree.search(head.segments) { route in
            if route.isFor(head.method) { limit = max(limit ?? 0, route.bodyLimit) }
            return false
        }
        return limit ?? Self.unroutedLimit
    }

    /// Tells whether one of the endpoints that may answer reads the body as it comes; the others get it whole.
    public func streamsBody(for head: HTTPRequestHead) -> Bool {
        tree.search(head.segments) { $0.isFor(head.method) && $0.streamsBody }
    }

    /// Answers by the first endpoint that does.
    public func respond(to request: HTTPRequest) async -> HTTPResponse {
        var request = request
        var passed = 0
        while let route = route(for: request.head, after: passed) {
            if request.bodyReader != nil, !route.streamsBody {
                do throws(HTTPBodyError) {
                    try await collect(&request, limit: route.bodyLimit)
                } catch {
                    return error.response
                }
            }
            request.parameters = PathParameters(route.pattern.places, in: request.head.segments)
            if let response = await route.respond(request) { return response }
            passed += 1
        }
        return unanswered(request.head)
    }

    /// Reads the body for an endpoint that wants it whole.
    ///
    /// Out of line, as a task keeps the memory of its largest frames, and most requests come without this.
    @inline(never)
    private nonisolated(nonsending) func collect(
        _ request: inout HTTPRequest, limit: Int
    ) async throws(HTTPBodyError) {
        guard let reader = request.bodyReader else { return }
        request.body = try await reader.collect(limit: limit)
        request.bodyReader = nil
    }

    @inline(never)
    private func route(for head: HTTPRequestHead, after passed: Int) -> HTTPRoute? {
        var found: HTTPRoute?
        var rest = passed
        tree.search(head.segments) { route in
            guard route.isFor(head.method) else { return false }
            rest -= 1
            guard rest < 0 else { return false }
            found = route
            return true
        }
        return found
    }

    /// The answer where no endpoint has one.
    @inline(never)
    private func unanswered(_ head: HTTPRequestHead) -> HTTPResponse {
        if head.target == "*", head.method == .options { return HTTPResponse(.noContent) }
        let allowed = allowed(at: head.segments)
        if allowed.isEmpty || head.method != .options && allowed.contains(head.method.rawValue) {
            return .problem(.notFound, "there is nothing at this path")
        }
        let list = allowed.joined(separator: ", ")
        if head.method == .options { return HTTPResponse(.noContent, headers: ["Allow": list]) }
        return .problem(.methodNotAllowed, "this path does not take \(head.method)", headers: ["Allow": list])
    }

    /// The methods of a path in the order of the alphabet; none where there is nothing.
    private func allowed(at path: [String]) -> [String] {
        var names: Set<String> = []
        tree.search(path) { route in
            names.insert(route.method.rawValue)
            return false
        }
        if names.contains(HTTPMethod.get.rawValue) { names.insert(HTTPMethod.head.rawValue) }
        if !names.isEmpty { names.insert(HTTPMethod.options.rawValue) }
        return names.sorted()
    }

    private static var unroutedLimit: Int { 65_536 }
}

extension HTTPRoute {
    fileprivate func isFor(_ method: HTTPMethod) -> Bool {
        self.method == method || method == .head && self.method == .get
    }
}
