import Synchronization

extension HTTPClient {
    /// Opens a WebSocket, talks by it, and closes it: with 1000 when the closure returns, with 1011 when it throws.
    ///
    /// TLS, proxies and the refusal of private addresses are those of this client's requests; redirects are not
    /// followed. Cancelling the task cuts the connection.
    ///
    /// - Parameters:
    ///   - request: The server and what to ask it for.
    ///   - isolation: The caller's.
    ///   - body: What is done with the WebSocket.
    /// - Returns: What the closure returns.
    /// - Throws: `WebSocketConnectError` when it is not opened, and what the closure throws.
    public func webSocket<Result: Sendable>(
        _ request: WebSocketRequest, isolation: isolated (any Actor)? = #isolation,
        _ body: (WebSocket) async throws -> Result
    ) async throws -> Result {
        let (socket, received) = try await open(request)
        defer { socket.stream.close() }
        async let reading: Void = withTaskExecutorPreference(socket.stream.loop) {
            await WebSocketPump.read(socket, received: received)
        }
        let result: Result
        do {
            result = try await body(socket)
        } catch {
            await socket.close(error is WebSocketError || error is CancellationError ? .normal : .internalError)
            await reading
            throw error
        }
        await socket.close()
        await reading
        return result
    }

    private func open(_ request: WebSocketRequest) async throws(WebSocketConnectError) -> (WebSocket, [UInt8]) {
        let deadline = Deadline(after: request.timeout)
        let connecting = try request.connecting()
        guard let url = CurlURL(connecting.url) else { throw .http(.invalidURL) }
        let stream = try await tunnel(connecting, deadline)
        var handshake = WebSocketClientHandshake(
            request, url, userAgent: configuration.userAgent, deadline, random: WebSocketKey.systemRandom)
        do throws(WebSocketConnectError) {
            let agreement = try await handshake.perform(on: stream)
            let socket = WebSocket(
                stream, subprotocol: agreement.subprotocol, request.configuration, agreement.deflate,
                mask: WebSocketKey.systemRandom)
            return (socket, agreement.received)
        } catch {
            stream.close()
            throw error
        }
    }

    /// Opens a connection to the URL's host, by its proxy and TLS, for another protocol.
    private func tunnel(
        _ request: HTTPClientRequest, _ deadline: Deadline
    ) async throws(WebSocketConnectError) -> TunnelStream {
        let exchange = HTTPExchange(request, deadline)
        let (engine, configuration) = (self.engine, self.configuration)
        let stream = Mutex<TunnelStream?>(nil)
        do throws(HTTPClientError) {
            try request.check()
            let result = await engine.run { ticket, complete in
                engine.start(exchange, ticket, complete) { url in
                    HTTPTunnelTransfer(
                        exchange, url, configuration,
                        opened: { handle in stream.withLock { $0 = TunnelStream(handle) } }, complete)
                }
            }
            _ = try result.get()
        } catch {
            throw .http(error)
        }
        guard let stream = stream.withLock({ $0 }) else { throw .http(.stopped(requestWasSent: false)) }
        return stream
    }
}
