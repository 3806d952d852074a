/// The answer to a request.
public struct HTTPResponse: Sendable {
    /// What follows the head.
    public enum Body: Sendable {
        /// These bytes, with their `Content-Length`.
        case bytes([UInt8])
        /// What the closure writes, chunk by chunk, until it returns; an error cuts the connection so that the client
        /// notices.
        ///
        /// The closure's task is cancelled when the client goes away.
        case stream(@Sendable (HTTPBodyWriter) async throws -> Void)
        /// The connection, or the stream of HTTP/2, becomes a WebSocket; made by
        /// ``HTTPResponse/webSocket(for:protocols:origins:configuration:run:)``.
        indirect case webSocket(WebSocketUpgrade)
    }

    /// The status, 200 to 599.
    public var status: HTTPStatus
    /// The header fields; the server adds `Date`, and sets `Content-Length`, `Transfer-Encoding` and `Connection`
    /// itself.
    public var headers: HTTPFields
    /// The body; not sent for HEAD, and none for a status that has none.
    public var body: Body
    /// How many bytes a streamed body will have, if that is known: they are sent with their `Content-Length` then.
    public var streamLength: Int?

    /// Creates a response.
    public init(_ status: HTTPStatus, headers: HTTPFields = HTTPFields(), body: Body = .bytes([])) {
        self.status = status
        self.headers = headers
        self.body = body
    }

    /// Creates a response of these bytes.
    public init(_ status: HTTPStatus, type: String, body: [UInt8]) {
        self.init(status, headers: ["Content-Type": type], body: .bytes(body))
    }

    /// Creates a response of plain text.
    public init(_ status: HTTPStatus, text: String) {
        self.init(status, type: "text/plain; charset=utf-8", body: Array(text.utf8))
    }
}
