/// A WebSocket to open with ``HTTPClient/webSocket(_:isolation:_:)``.
public struct WebSocketRequest: Sendable {
    /// The URL, `wss` or `ws`.
    public var url: String
    /// More header fields; those of the handshake are added.
    public var headers: HTTPFields
    /// The subprotocols to offer, the best first.
    public var protocols: [String]
    /// The limits.
    public var configuration: WebSocketConfiguration
    /// How long all of it may take until the WebSocket is open: DNS, TLS and the handshake included.
    public var timeout: Duration
    /// How long the connection may take, TLS included.
    public var connectTimeout: Duration
    /// Whether private addresses may be connected to.
    public var privateAddresses: PrivateAddressPolicy
    /// The Unix socket to connect to instead of the URL's host.
    public var unixSocketPath: String?
    /// How TLS knows the server and shows who asks; nil takes the client's settings.
    public var security: HTTPClientSecurity?

    /// Creates a request.
    public init(
        _ url: String, headers: HTTPFields = HTTPFields(), protocols: [String] = [],
        configuration: WebSocketConfiguration = WebSocketConfiguration(), timeout: Duration = .seconds(30),
        connectTimeout: Duration = .seconds(10), privateAddresses: PrivateAddressPolicy = .refused,
        unixSocketPath: String? = nil, security: HTTPClientSecurity? = nil
    ) {
        self.url = url
        self.headers = headers
        self.protocols = protocols
        self.configuration = configuration
        self.timeout = timeout
        self.connectTimeout = connectTimeout
        self.privateAddresses = privateAddresses
        self.unixSocketPath = unixSocketPath
        self.security = security
    }

    /// The request for the connection: `https` for `wss` and `http` for `ws`.
    func connecting() throws(WebSocketConnectError) -> HTTPClientRequest {
        guard let colon = url.firstIndex(of: ":") else { throw .http(.invalidURL) }
        let scheme: String
        switch url[..<colon].lowercased() {
        case "wss": scheme = "https"
        case "ws": scheme = "http"
        default: throw .http(.invalidURL)
        }
        return HTTPClientRequest(
            .get, scheme + url[colon...], headers: headers, timeout: timeout, connectTimeout: connectTimeout,
            privateAddresses: privateAddresses, unixSocketPath: unixSocketPath, version: .http1, security: security)
    }
}
