/// A request with its whole body, or for an endpoint that asks for it, with a reader of the body.
public struct HTTPRequest: Sendable {
    /// The request without its body.
    public var head: HTTPRequestHead
    /// The body without its transfer coding; empty when there is none.
    public var body: [UInt8]
    /// Reads the body as it comes, for an endpoint that streams bodies (then ``body`` is empty); nil for all others.
    public var bodyReader: HTTPBodyReader?
    /// What the route's pattern found in the path, by name; `{name...}` gives the rest of the path with its slashes.
    public var parameters: PathParameters
    /// What names the request in log lines, if something in front of the endpoints gives requests names.
    public var id: String?

    /// Creates a request.
    public init(head: HTTPRequestHead, body: [UInt8] = [], parameters: PathParameters = [:]) {
        self.head = head
        self.body = body
        self.parameters = parameters
    }

    /// The method.
    public var method: HTTPMethod { head.method }
    /// The target as it was sent.
    public var target: String { head.target }
    /// The path, percent-decoded.
    public var path: String { head.path }
    /// The header fields.
    public var headers: HTTPFields { head.headers }
    /// The names and values of the query, decoded, in their order.
    public var query: [(name: String, value: String)] { head.query }
    /// The other end of the connection.
    public var remoteAddress: SocketAddress { head.remoteAddress }
    /// Tells whether the request came by a Unix socket.
    public var isOverUnixSocket: Bool { head.isOverUnixSocket }
    /// Tells whether the other end is this machine.
    public var isFromLoopback: Bool { head.isFromLoopback }
    /// Tells whether the `Host` field names this machine; see ``HTTPRequestHead/hasLoopbackHost``.
    public var hasLoopbackHost: Bool { head.hasLoopbackHost }

    /// The first value of this name in the query; empty when it has none.
    public func query(_ name: String) -> String? {
        head.query(name)
    }
}
