/// Sends HTTP requests by libcurl on the loops of a group, and mail on threads of its own.
///
/// A request runs on the caller's loop if that is one of the group's, and connections are pooled for each loop: HTTP/2
/// where the server offers it by TLS, HTTP/1.1 elsewhere. Proxies come from the configuration alone.
public final class HTTPClient: Sendable {
    /// What all requests have in common.
    public let configuration: HTTPClientConfiguration
    private let group: EventLoopGroup
    private let engines: [CurlEngine]
    let mail: SMTPSender

    /// Creates a client for the loops of a group.
    public init(group: EventLoopGroup, configuration: HTTPClientConfiguration = HTTPClientConfiguration()) {
        self.group = group
        self.configuration = configuration
        engines = group.loops.map { CurlEngine($0, configuration) }
        mail = SMTPSender(configuration)
    }

    deinit {
        shutdown()
    }

    /// Closes all connections and breaks requests under way off; later ones are refused.
    public func shutdown() {
        mail.close()
        for engine in engines { engine.close() }
    }

    /// The engine of the caller's loop, or of the next one.
    var engine: CurlEngine {
        engines.first { $0.loop.inLoop } ?? engines[group.nextIndex()]
    }
}

// MARK: - Responses in memory

extension HTTPClient {
    /// Sends a request and returns the response, whatever its status.
    ///
    /// Cancelling the task breaks the transfer off.
    ///
    /// - Throws: `HTTPClientError`, whose `requestWasSent` tells whether the server may have got the request.
    public func send(_ request: HTTPClientRequest) async throws(HTTPClientError) -> HTTPClientResponse {
        try request.check()
        var exchange = HTTPExchange(request, Deadline(after: request.timeout))
        let engine = self.engine
        while true {
            let response = try await collect(exchange, on: engine)
            guard let next = try HTTPRedirect.next(after: exchange.request, response) else {
                return try exchange.checked(response)
            }
            exchange = HTTPExchange(next, exchange.deadline, isRedirected: true)
        }
    }

    private func collect(
        _ exchange: HTTPExchange, on engine: CurlEngine
    ) async throws(HTTPClientError) -> HTTPClientResponse {
        let configuration = self.configuration
        let result = await exchange.withUpload {
            await engine.run { ticket, complete in
                engine.start(exchange, ticket, complete) { url in
                    HTTPCollectingTransfer(exchange, url, configuration, complete)
                }
            }
        }
        return try result.get()
    }
}

// MARK: - Responses that stream

extension HTTPClient {
    /// Sends a request and hands the response on as soon as its head is there; the body comes while the closure runs.
    ///
    /// Cancelling the task breaks the transfer off, and so does returning before the body's end. The request's
    /// `timeout` is for all of it, its `responseLimit` for the whole body.
    ///
    /// - Parameters:
    ///   - request: The request; its body may stream too, at the same time.
    ///   - isolation: The caller's.
    ///   - body: What is done with the response.
    /// - Returns: What the closure returns.
    /// - Throws: `HTTPClientError` when there is no response, and what the closure throws.
    public func stream<Result: Sendable>(
        _ request: HTTPClientRequest, isolation: isolated (any Actor)? = #isolation,
        _ body: (HTTPClientResponse, HTTPClientBody) async throws -> Result
    ) async throws -> Result {
        try request.check()
        var exchange = HTTPExchange(request, Deadline(after: request.timeout))
        let engine = self.engine
        while true {
            let step = try await open(exchange, on: engine, body)
            switch step {
            case .result(let result): return result
            case .redirect(let next): exchange = HTTPExchange(next, exchange.deadline, isRedirected: true)
            }
        }
    }

    private enum Step<Result: Sendable>: Sendable {
        case result(Result)
        case redirect(HTTPClientRequest)
    }

    private func open<Result: Sendable>(
        _ exchange: HTTPExchange, on engine: CurlEngine, isolation: isolated (any Actor)? = #isolation,
        _ body: (HTTPClientResponse, HTTPClientBody) async throws -> Result
    ) async throws -> Step<Result> {
        let configuration = self.configuration
        let ticket = CurlTicket(engine.loop)
        let pieces = HTTPClientBody()
        defer { engine.cancel(ticket) }
        return try await exchange.withUpload {
            let result = await engine.run(ticket) { ticket, complete in
                engine.start(exchange, ticket, complete) { url in
                    engine.follow(pieces, ticket)
                    return HTTPStreamingTransfer(exchange, url, configuration, pieces, complete)
                }
            }
            let response = try result.get()
            if let next = try HTTPRedirect.next(after: exchange.request, response) { return .redirect(next) }
            return .result(try await body(try exchange.checked(response), pieces))
        }
    }
}

extension HTTPExchange {
    /// Refuses an answer that is one redirect too many.
    fileprivate func checked(_ response: HTTPClientResponse) throws(HTTPClientError) -> HTTPClientResponse {
        guard isRedirected, HTTPRedirect.isRedirect(response.status, response.headers) else { return response }
        throw .tooManyRedirects(host: CurlFailure.host(of: request.url))
    }
}

extension HTTPClientRequest {
    /// Refuses what could end a line of the request before its time.
    func check() throws(HTTPClientError) {
        guard method.rawValue.isHTTPToken else { throw .invalidRequest("the method is no token") }
        guard url.utf8.allSatisfy({ $0 > 0x20 && $0 != 0x7F }), !url.isEmpty else { throw .invalidURL }
        for field in headers where !field.name.isHTTPToken || !field.value.isHTTPValue {
            throw .invalidRequest("the header field \(field.name) holds characters that are not allowed")
        }
        guard unixSocketPath?.utf8.contains(0) != true else { throw .invalidRequest("the socket's path holds a zero") }
        guard bodySource == nil || body.isEmpty else { throw .invalidRequest("there are two bodies") }
    }
}
