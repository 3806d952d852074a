public import Logging

/// Serves HTTP/1.1 and 1.0 (RFC 9112), and HTTP/2 (RFC 9113), on the connections of listeners.
///
/// HTTP/2 is spoken where TLS has agreed on it, and without TLS to clients that begin with it.
///
/// ```swift
/// let server = HTTPServer(logger: logger, handler: router)
/// await server.run(on: listener)                            // until listener.shutdown(within:)
/// ```
/// Requests of a connection are answered in their order, one at a time. At the listener's shutdown idle connections
/// close at once and the others after the response under way, which says `Connection: close`.
public struct HTTPServer: Sendable {
    /// The limits.
    public let configuration: HTTPServerConfiguration
    let logger: Logger
    private let handler: any HTTPHandler
    private let contexts = HTTPLoopContexts()

    /// Creates a server; one server can run on several listeners.
    public init(
        configuration: HTTPServerConfiguration = HTTPServerConfiguration(), logger: Logger, handler: any HTTPHandler
    ) {
        self.configuration = configuration
        self.logger = logger
        self.handler = handler
    }

    /// Serves the connections of a listener until it is shut down, or the task cancelled.
    public func run(on listener: Listener) async {
        await listener.run { await serve($0) }
    }

    /// Serves one connection, to its end; on its loop, whoever calls.
    public func serve(_ stream: some ByteStream) async {
        guard stream.loop.inLoop else {
            return await withTaskExecutorPreference(stream.loop) { await serveOnLoop(stream) }
        }
        await serveOnLoop(stream)
    }

    private func serveOnLoop(_ stream: some ByteStream) async {
        switch await begin(stream) {
        case .http2(let bytes):
            await serveHTTP2(stream, bytes)
        case .http1(let connection):
            if let successor = await serve(connection) {
                await successor.upgrade.serve(stream, received: successor.received, logger)
            }
        case nil: break
        }
        stream.close()
    }

    private enum Beginning<Stream: ByteStream> {
        case http1(HTTPServerConnection<Stream>)
        case http2([UInt8])
    }

    /// Sees which protocol the client speaks; the bytes for that are in one place alone, so that an idle connection does
    /// not hold them.
    @inline(never)
    private nonisolated(nonsending) func begin<Stream: ByteStream>(_ stream: Stream) async -> Beginning<Stream>? {
        guard let (isHTTP2, bytes) = await HTTP2Preface.look(at: stream, configuration, logger) else { return nil }
        if isHTTP2 { return .http2(bytes) }
        // The loop may have been stopped meanwhile.
        guard stream.loop.inLoop else { return nil }
        let context = contexts.context(of: stream.loop) { HTTPLoopContext(configuration, handler, logger) }
        return .http1(HTTPServerConnection(stream, context, bytes))
    }

    /// Serves HTTP/1.1; what it needed is gone when the connection becomes a WebSocket.
    ///
    /// One handler of cancellation for the whole connection spares each read its own.
    private nonisolated(nonsending) func serve<Stream: ByteStream>(
        _ connection: HTTPServerConnection<Stream>
    ) async -> HTTPSuccessor? {
        await withTaskCancellationHandler {
            await connection.run()
        } onCancel: { [stream = connection.stream] in
            stream.close()
        }
    }

    @inline(never)
    private func serveHTTP2(_ stream: some ByteStream, _ bytes: [UInt8]) async {
        // The loop may have been stopped meanwhile.
        guard stream.loop.inLoop else { return }
        do throws(HTTP2SessionError) {
            try await HTTP2Connection(stream, configuration, handler, logger).run(bytes)
        } catch {
            logger.error("cannot serve HTTP/2", ["remote": stream.remoteAddress, "error": error.text])
        }
    }
}
