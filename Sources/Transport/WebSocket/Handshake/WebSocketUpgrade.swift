import Logging

/// A WebSocket that was agreed on, as the body of a response: what the connection becomes once the head is out.
public struct WebSocketUpgrade: Sendable {
    /// The limits.
    public let configuration: WebSocketConfiguration
    /// The subprotocol that was chosen.
    public let subprotocol: String?
    let deflate: WebSocketDeflate?
    let run: @Sendable (WebSocket) async throws -> Void

    /// Serves the WebSocket to its end, and closes the stream.
    ///
    /// - Parameters:
    ///   - stream: The connection, or the stream of HTTP/2, behind the response's head.
    ///   - received: What has come behind the request's head.
    ///   - logger: Where the handler's errors are written.
    func serve(_ stream: some ByteStream, received: [UInt8], _ logger: Logger) async {
        let socket = WebSocket(stream, subprotocol: subprotocol, configuration, deflate, mask: nil)
        let run = self.run
        await WebSocketPump.run(socket, received: received) { socket in
            do {
                try await run(socket)
                await socket.close(.normal)
            } catch let error as WebSocketError {
                logger.debug("WebSocket ended", ["remote": socket.remoteAddress, "error": "\(error)"])
                await socket.close(.normal)
            } catch {
                // Cancelled is who is no longer there, or has to go with the server.
                let isFault = !Task.isCancelled
                if isFault {
                    logger.warning("WebSocket handler failed", ["remote": socket.remoteAddress, "error": "\(error)"])
                }
                await socket.close(isFault ? .internalError : .goingAway)
            }
        }
    }
}
