/// Why a message cannot be received or sent.
public enum WebSocketError: Error, Sendable, Hashable {
    /// The WebSocket is closed; nothing more can be sent.
    case closed(WebSocketClose)
    /// The other end broke the protocol and was told so with this code.
    case violation(WebSocketCloseCode, detail: String)
    /// The other end does not answer pings.
    case unresponsive
    /// The connection broke without a close frame.
    case lost(TransportError)
    /// The task was cancelled.
    case cancelled
    /// Another task receives already.
    case alreadyReceiving
    /// A frame could not be made: no memory.
    case sendingFailed
}

extension WebSocketError: CustomStringConvertible {
    /// What happened.
    public var description: String {
        switch self {
        case .closed(let close):
            "the WebSocket was closed with code \(close.code)" + (close.reason.isEmpty ? "" : ": \(close.reason)")
        case .violation(let code, let detail): "the WebSocket was closed with code \(code): \(detail)"
        case .unresponsive: "the other end of the WebSocket does not answer; the connection was closed"
        case .lost(let error): "the connection of the WebSocket broke: \(error)"
        case .cancelled: "the task was cancelled"
        case .alreadyReceiving: "another task receives from the WebSocket; only one can"
        case .sendingFailed: "a frame of the WebSocket could not be made: no memory"
        }
    }
}
