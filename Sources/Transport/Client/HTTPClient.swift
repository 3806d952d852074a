/// Sends HTTP requests by libcurl on the loops of a group, and mail on threads of its own.
///
/// A request runs on the caller's loop if that is one of the group's, and connections are pooled for each loop: HTTP/2
/// where the server offers it by TLS, HTTP/1.1 elsewhere.
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

    /// Sends a request and returns the response, whatever its status.
    ///
    /// Cancelling the task breaks the transfer off.
    ///
    /// - Throws: `HTTPClientError`, whose `requestWasSent` tells whether the server may have got the request.
    public func send(_ request: HTTPClientRequest) async throws(HTTPClientError) -> HTTPClientResponse {
        try request.check()
        let configuration = self.configuration
        return try await engine.run(refused: .stopped(requestWasSent: false)) { completion in
            HTTPTransfer(request, configuration, completion)
        }
    }

    /// The engine of the caller's loop, or of the next one.
    private var engine: CurlEngine {
        engines.first { $0.loop.inLoop } ?? engines[group.nextIndex()]
    }
}

extension HTTPClientRequest {
    /// Refuses what could end a line of the request before its time.
    fileprivate func check() throws(HTTPClientError) {
        guard method.rawValue.isHTTPToken else { throw .invalidRequest("the method is no token") }
        guard url.utf8.allSatisfy({ $0 > 0x20 && $0 != 0x7F }), !url.isEmpty else { throw .invalidURL }
        for field in headers where !field.name.isHTTPToken || !field.value.isHTTPValue {
            throw .invalidRequest("the header field \(field.name) holds characters that are not allowed")
        }
        guard unixSocketPath?.utf8.contains(0) != true else { throw .invalidRequest("the socket's path holds a zero") }
    }
}
