/// Whether a request may go to addresses that are not of the public Internet.
public enum PrivateAddressPolicy: Sendable, Hashable {
    /// They may: the operator chose the server.
    case allowed
    /// They may not: someone else chose the URL. Checked for the address of the connection, so a name that points to a
    /// private address is refused too, whenever it began to; through a proxy, the proxy has to see to it.
    case refused
}

/// A request for ``HTTPClient``.
public struct HTTPClientRequest: Sendable {
    /// The method.
    public var method: HTTPMethod
    /// The URL, `http` or `https`.
    public var url: String
    /// The header fields; `Host`, `Content-Length` and the like are added.
    public var headers: HTTPFields
    /// The body.
    public var body: [UInt8]
    /// How long all of it may take, from the call to the last byte of the response.
    public var timeout: Duration
    /// How long the connection may take, TLS included.
    public var connectTimeout: Duration
    /// The most bytes the response's body may have, decompressed.
    public var responseLimit: Int
    /// How many redirects are followed.
    public var followRedirects: Int
    /// Whether private addresses may be connected to.
    public var privateAddresses: PrivateAddressPolicy
    /// The Unix socket to connect to instead of the URL's host.
    public var unixSocketPath: String?
    /// Whether the response may come compressed.
    public var acceptsCompression: Bool

    /// Creates a request.
    public init(
        _ method: HTTPMethod = .get, _ url: String, headers: HTTPFields = HTTPFields(), body: [UInt8] = [],
        timeout: Duration = .seconds(30), connectTimeout: Duration = .seconds(10), responseLimit: Int = 8 * 1_048_576,
        followRedirects: Int = 0, privateAddresses: PrivateAddressPolicy = .refused, unixSocketPath: String? = nil,
        acceptsCompression: Bool = true
    ) {
        self.method = method
        self.url = url
        self.headers = headers
        self.body = body
        self.timeout = timeout
        self.connectTimeout = connectTimeout
        self.responseLimit = responseLimit
        self.followRedirects = followRedirects
        self.privateAddresses = privateAddresses
        self.unixSocketPath = unixSocketPath
        self.acceptsCompression = acceptsCompression
    }
}

/// What a server answered.
public struct HTTPClientResponse: Sendable, Hashable {
    /// The status.
    public var status: HTTPStatus
    /// The header fields of the last response.
    public var headers: HTTPFields
    /// The body, decompressed.
    public var body: [UInt8]
    /// The URL it came from, after redirects.
    public var effectiveURL: String
    /// The address that was connected to; nil for a Unix socket.
    public var primaryAddress: IPAddress?

    /// Creates a response, as a test needs it.
    public init(
        status: HTTPStatus, headers: HTTPFields = HTTPFields(), body: [UInt8] = [], effectiveURL: String = "",
        primaryAddress: IPAddress? = nil
    ) {
        self.status = status
        self.headers = headers
        self.body = body
        self.effectiveURL = effectiveURL
        self.primaryAddress = primaryAddress
    }
}
