/// A WebSocket (RFC 6455): messages in both directions until one end closes.
///
/// ```swift
/// while let message = try await socket.receive() {
///     try await socket.send(message)
/// }
/// ```
/// Pings are answered, and the other end's presence is checked, without the application's help. Nothing is read from
/// the other end beyond one message that waits to be received.
public final class WebSocket: Sendable {
    /// The subprotocol that was agreed on.
    public let subprotocol: String?
    /// The limits.
    public let configuration: WebSocketConfiguration
    let stream: any ByteStream
    let deflate: WebSocketDeflate?
    /// Tells whether this end is the server.
    let isServer: Bool
    let inbox = WebSocketInbox()
    let outbox: WebSocketOutbox

    /// Creates a WebSocket on a stream behind the handshake; a ``WebSocketPump`` has to run for it.
    init(
        _ stream: any ByteStream, subprotocol: String?, _ configuration: WebSocketConfiguration,
        _ deflate: WebSocketDeflate?, mask: (@Sendable () -> UInt64)?
    ) {
        self.stream = stream
        self.subprotocol = subprotocol
        self.configuration = configuration
        self.deflate = deflate
        isServer = mask == nil
        outbox = WebSocketOutbox(stream, configuration, deflate, mask: mask)
    }

    /// The other end of the connection.
    public var remoteAddress: SocketAddress { stream.remoteAddress }

    /// Tells whether the server shuts down; the WebSocket is about to be closed with 1001.
    public var isDraining: Bool { stream.isDraining }

    /// What the other end closed with, once it has; `.noStatus` when it gave no code.
    public var peerClose: WebSocketClose? { inbox.peerClose }
}

// MARK: - Messages

extension WebSocket {
    /// Waits for the next message; nil once either end has closed.
    ///
    /// One task receives at a time.
    ///
    /// - Throws: `.cancelled`, `.alreadyReceiving`, or how the WebSocket ended when it was not closed properly.
    public func receive() async throws(WebSocketError) -> WebSocketMessage? {
        try await inbox.receive().get()
    }

    /// Sends a text; messages go out in the order of the calls, and the call returns when the system has taken it, so a
    /// slow client slows the sender down.
    ///
    /// - Throws: `.closed` after either end has closed, or `.lost`; `.cancelled` while it is being written cuts the
    ///   connection, as a part of it may be out.
    public func send(_ text: String) async throws(WebSocketError) {
        try await outbox.send(.text, Array(text.utf8))
    }

    /// Sends bytes; see ``send(_:)-(String)``.
    ///
    /// - Throws: As ``send(_:)-(String)``.
    public func send(_ bytes: [UInt8]) async throws(WebSocketError) {
        try await outbox.send(.binary, bytes)
    }

    /// Sends a message; see ``send(_:)-(String)``.
    ///
    /// - Throws: As ``send(_:)-(String)``.
    public func send(_ message: WebSocketMessage) async throws(WebSocketError) {
        switch message {
        case .text(let text): try await send(text)
        case .binary(let bytes): try await send(bytes)
        }
    }
}

// MARK: - Closing

extension WebSocket {
    /// Closes the WebSocket and returns when the other end has answered, or the time for that is over.
    ///
    /// Messages that come meanwhile are dropped. Closing twice is harmless.
    ///
    /// - Parameters:
    ///   - code: Why; one that cannot be sent leaves it open.
    ///   - reason: For a person who looks for a fault; at most 123 bytes of it are sent.
    public func close(_ code: WebSocketCloseCode = .normal, reason: String = "") async {
        guard !inbox.isFinished else { return }
        await beginClosing(WebSocketClose(code, reason: reason))
        guard !inbox.isFinished else { return }
        let (stream, inbox, time) = (self.stream, self.inbox, configuration.closeTimeout)
        // A cancelled task waits as well: what it waits for has an end.
        let cut = Task(executorPreference: stream.loop) {
            do {
                try await stream.loop.sleep(for: time)
                stream.close()
            } catch {
                // The answer came, or the loop stops, which closes the stream.
            }
        }
        await inbox.waitForEnd()
        cut.cancel()
    }

    /// Sends the close frame and takes no more messages.
    func beginClosing(_ close: WebSocketClose) async {
        inbox.beginClosing()
        do throws(WebSocketError) {
            _ = try await outbox.close(with: close)
        } catch {
            // The other end cannot be told; the reading task finds the stream at its end.
            stream.close()
        }
    }
}
