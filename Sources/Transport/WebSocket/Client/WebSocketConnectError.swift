/// Why a WebSocket was not opened.
///
/// No case holds a path or a query, as those may be secret.
public enum WebSocketConnectError: Error, Sendable, Hashable {
    /// There is no connection, or the URL is neither `wss` nor `ws`.
    case http(HTTPClientError)
    /// The server answers with another status than 101; the text is the beginning of its body, at most 512 bytes.
    case refused(host: String, status: HTTPStatus, retryAfter: String?, text: String)
    /// The server's answer is no handshake (RFC 6455 §4.1).
    case badHandshake(host: String, detail: String)
    /// The connection broke during the handshake, or the answer did not come in time.
    case lost(host: String, TransportError)
}

extension WebSocketConnectError: CustomStringConvertible {
    /// What happened, where, and what to do.
    public var description: String {
        switch self {
        case .http(.invalidURL): "the URL is malformed or neither wss nor ws"
        case .http(let error): "\(error)"
        case .refused(let host, let status, _, let text):
            "\(host) opens no WebSocket: \(status)" + (text.isEmpty ? "" : ", \(text)")
        case .badHandshake(let host, let detail): "\(host) does not speak WebSocket: \(detail)"
        case .lost(let host, .timedOut): "\(host) did not answer the handshake in time"
        case .lost(let host, let error): "the connection to \(host) broke during the handshake: \(error)"
        }
    }
}
