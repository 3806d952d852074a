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
    /// Tells whether the endpoint reads the body as it comes, by ``HTTPRequest/bodyReader``.
    public let streamsBody: Bool
    let respond: Responder

    /// Creates an endpoint; the body may have 64 KiB unless another limit is given.
    ///
    /// - Throws: `HTTPPatternError` when the pattern is malformed.
    public init(
        _ method: HTTPMethod, _ pattern: String, bodyLimit: Int = 65_536, streamsBody: Bool = false,
        respond: @escaping Responder
    ) throws(HTTPPatternError) {
        self.method = method
        self.pattern = try HTTPPathPattern(pattern)
        self.bodyLimit = bodyLimit
        self.streamsBody = streamsBody
        self.respond = respond
    }

    /// Creates an endpoint that takes the parameters of its path as values of these types, in their order.
    ///
    /// ```swift
    /// try HTTPRoute(.get, "/v1/messages/{id}/parts/{number}", taking: MessageID.self, Int.self) { request, id, number in … }
    /// ```
    /// A path whose text is no such value is answered with 400 (404 for a word that is none of an enumeration's), which says
    /// what was expected: whoever wrote the path learns more from that than from a bare 404.
    ///
    /// - Throws: `HTTPPatternError` when the pattern is malformed, or has another number of parameters.
    public init<each Value: PathParameter>(
        _ method: HTTPMethod, _ pattern: String, taking types: repeat (each Value).Type, bodyLimit: Int = 65_536,
        streamsBody: Bool = false, respond: @escaping @Sendable (HTTPRequest, repeat each Value) async -> HTTPResponse?
    ) throws(HTTPPatternError) {
        let names = try HTTPPathPattern(pattern).places.map(\.name)
        var taken = 0
        for _ in repeat each types { taken += 1 }
        guard taken == names.count else { throw .parameterCount(pattern: pattern, taken: taken) }
        try self.init(method, pattern, bodyLimit: bodyLimit, streamsBody: streamsBody) { request in
            let values: (repeat each Value)
            do throws(PathParameterError) {
                var next = 0
                values = (repeat try request.parameter(at: &next, of: names, as: (each Value).self))
            } catch {
                return error.response
            }
            return await respond(request, repeat each values)
        }
    }
}

extension HTTPRequest {
    fileprivate func parameter<Value: PathParameter>(
        at index: inout Int, of names: [String], as type: Value.Type
    ) throws(PathParameterError) -> Value {
        defer { index += 1 }
        return try parameter(names[index], as: type)
    }
}
