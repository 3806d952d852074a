/// Whether a request may go to addresses that are not of the public Internet.
public enum PrivateAddressPolicy: Sendable, Hashable {
    /// They may: the operator chose the server.
    case allowed
    /// They may not: someone else chose the URL. Checked for the address of the connection, so a name that points to a
    /// private address is refused too, whenever it began to, and for that of each redirect. Through a proxy only hosts
    /// written as addresses, and `localhost`, can be refused here; for names the proxy has to see to it.
    case refused
}

/// Which version of HTTP a request goes by.
public enum HTTPClientVersion: Sendable, Hashable {
    /// HTTP/2 where the server offers it by TLS (ALPN, RFC 7301), else HTTP/1.1; what streams goes by HTTP/1.1 on a
    /// connection of its own, so that a slow end holds up nobody else.
    case negotiated
    /// HTTP/1.1.
    case http1
    /// HTTP/2 from the first byte, without TLS too (RFC 9113 §3.3); for servers that are known to speak it.
    case http2
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
    /// Where the body comes from piece by piece, instead of ``body``.
    public var bodySource: HTTPUploadSource?
    /// How long all of it may take, from the call to the last byte of the response: waiting for a free connection, DNS,
    /// TLS and redirects included.
    public var timeout: Duration
    /// How long nothing may move once the request has begun to go out, but for times the caller's own end is the one
    /// waited for; nil sets no bound but ``timeout``.
    public var idleTimeout: Duration?
    /// How long the connection may take, TLS included.
    public var connectTimeout: Duration
    /// The most bytes the response's body may have, decompressed; a body that streams, too.
    public var responseLimit: Int
    /// How many redirects are followed: 301, 302, 303, 307 and 308 (RFC 9110 §15.4).
    ///
    /// `Authorization` and `Cookie` go to no other server than the first.
    public var followRedirects: Int
    /// Whether private addresses may be connected to.
    public var privateAddresses: PrivateAddressPolicy
    /// The Unix socket to connect to instead of the URL's host.
    public var unixSocketPath: String?
    /// Whether the response may come compressed.
    public var acceptsCompression: Bool

    /// Which version of HTTP is spoken.
    public var version: HTTPClientVersion
    /// How TLS knows the server and shows who asks; nil takes the client's settings.
    public var security: HTTPClientSecurity?

    /// Creates a request.
    public init(
        _ method: HTTPMethod = .get, _ url: String, headers: HTTPFields = HTTPFields(), body: [UInt8] = [],
        bodySource: HTTPUploadSource? = nil, timeout: Duration = .seconds(30), idleTimeout: Duration? = nil,
        connectTimeout: Duration = .seconds(10), responseLimit: Int = 8 * 1_048_576,
        followRedirects: Int = 0, privateAddresses: PrivateAddressPolicy = .refused, unixSocketPath: String? = nil,
        acceptsCompression: Bool = true, version: HTTPClientVersion = .negotiated, security: HTTPClientSecurity? = nil
    ) {
        self.method = method
        self.url = url
        self.headers = headers
        self.body = body
        self.bodySource = bodySource
        self.timeout = timeout
        self.idleTimeout = idleTimeout
        self.connectTimeout = connectTimeout
        self.responseLimit = responseLimit
        self.followRedirects = followRedirects
        self.privateAddresses = privateAddresses
        self.unixSocketPath = unixSocketPath
        self.acceptsCompression = acceptsCompression
        self.version = version
        self.security = security
    }
}
