/// A request without its body.
///
/// The values lie in one object, so that passing a head on costs one reference.
public struct HTTPRequestHead: Sendable, Hashable {
    private var box: Box

    /// Creates a head from its parts, as a test needs it.
    ///
    /// - Throws: `HTTPTargetError` when the target is malformed.
    public init(
        method: HTTPMethod, target: String, headers: HTTPFields = HTTPFields(), isHTTP10: Bool = false,
        remoteAddress: SocketAddress, security: StreamSecurity? = nil
    ) throws(HTTPTargetError) {
        self.init(
            method: method, target: target, segments: try HTTPTarget.segments(of: target), headers: headers,
            version: isHTTP10 ? .http10 : .http11, remoteAddress: remoteAddress, security: security)
    }

    /// Creates a head whose target has been taken apart already.
    init(
        method: HTTPMethod, target: String, segments: [String], headers: HTTPFields, version: HTTPVersion,
        remoteAddress: SocketAddress, security: StreamSecurity?
    ) {
        box = Box(
            Values(
                method: method, target: target, segments: segments, headers: headers, version: version,
                remoteAddress: remoteAddress, security: security, isSecure: security != nil))
    }
}

// MARK: - Values

extension HTTPRequestHead {
    /// The method.
    public var method: HTTPMethod {
        get { box.values.method }
        set { update { $0.method = newValue } }
    }

    /// The target as it was sent: `/in/my%20box?full=1`.
    public var target: String {
        get { box.values.target }
        set { update { $0.target = newValue } }
    }

    /// The path of the target, percent-decoded segment by segment: `["in", "my box"]`; empty for `/`.
    ///
    /// A segment may hold a slash that was sent as `%2F`, but never `.` or `..`, a zero byte, or bytes that are not
    /// UTF-8: a request with such a target is refused.
    public var segments: [String] {
        get { box.values.segments }
        set { update { $0.segments = newValue } }
    }

    /// The header fields.
    public var headers: HTTPFields {
        get { box.values.headers }
        set { update { $0.headers = newValue } }
    }

    /// Tells whether the request is of HTTP/1.0 rather than a later version.
    public var isHTTP10: Bool { version == .http10 }

    var version: HTTPVersion { box.values.version }

    /// The other end of the connection.
    public var remoteAddress: SocketAddress {
        get { box.values.remoteAddress }
        set { update { $0.remoteAddress = newValue } }
    }

    /// What TLS has agreed on the connection; nil when nothing protects it.
    public var security: StreamSecurity? {
        get { box.values.security }
        set { update { $0.security = newValue } }
    }

    /// Tells whether the client reached us by HTTPS: here, or at a trusted proxy in front.
    public var isSecure: Bool {
        get { box.values.isSecure }
        set { update { $0.isSecure = newValue } }
    }

    private mutating func update(_ change: (inout Values) -> Void) {
        var values = box.values
        change(&values)
        box = Box(values)
    }

    private struct Values: Sendable, Hashable {
        var method: HTTPMethod
        var target: String
        var segments: [String]
        var headers: HTTPFields
        var version: HTTPVersion
        var remoteAddress: SocketAddress
        var security: StreamSecurity?
        var isSecure: Bool
    }

    private final class Box: Sendable, Hashable {
        let values: Values

        init(_ values: Values) {
            self.values = values
        }

        static func == (left: Box, right: Box) -> Bool { left === right || left.values == right.values }

        func hash(into hasher: inout Hasher) { values.hash(into: &hasher) }
    }
}

// MARK: - What follows from them

extension HTTPRequestHead {
    /// The path as it was sent, without the query: `/in/my%20box`.
    public var rawPath: Substring { HTTPTarget.split(target).path }

    /// The path, percent-decoded: `/in/my box`.
    public var path: String { "/" + segments.joined(separator: "/") }

    /// The query as it was sent, without the question mark; nil when there is none.
    public var rawQuery: Substring? { HTTPTarget.split(target).query }

    /// The names and values of the query, decoded, in their order; what cannot be decoded is left as it was sent.
    public var query: [(name: String, value: String)] {
        guard let rawQuery else { return [] }
        return rawQuery.split(separator: "&").map { pair in
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            return (HTTPTarget.decodeForm(parts[0]), parts.count == 2 ? HTTPTarget.decodeForm(parts[1]) : "")
        }
    }

    /// The first value of this name in the query; empty when it has none.
    public func query(_ name: String) -> String? {
        query.first { $0.name == name }?.value
    }

    /// Tells whether the request came by a Unix socket.
    public var isOverUnixSocket: Bool { remoteAddress.isUnix }

    /// Tells whether the other end is this machine: a loopback address.
    ///
    /// A Unix socket counts too.
    public var isFromLoopback: Bool { remoteAddress.isLoopback }

    /// Tells whether the `Host` field names this machine (`localhost`, 127.0.0.0/8 or `[::1]`, with any port).
    ///
    /// A page of another site that lets its name point to 127.0.0.1 (DNS rebinding) sends its own name here.
    public var hasLoopbackHost: Bool {
        guard let host = headers["host"] else { return false }
        let (name, isValid) = HTTPTarget.hostName(host)
        guard isValid else { return false }
        return HTTPFields.isEqual(name, "localhost") || IPAddress(name)?.isLoopback ?? false
    }
}
