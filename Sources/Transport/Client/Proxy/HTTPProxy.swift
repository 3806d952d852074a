/// A proxy that requests go through.
public struct HTTPProxy: Sendable, Hashable {
    /// How the proxy is spoken to.
    public enum Kind: String, Sendable, Hashable, CaseIterable {
        /// HTTP: requests for `http` in absolute form, `https` through CONNECT (RFC 9110 §9.3.6).
        case http
        /// The same over TLS.
        case https
        /// SOCKS 5, names resolved here (RFC 1928).
        case socks5
        /// SOCKS 5, names resolved by the proxy.
        case socks5h
    }

    /// How the proxy is spoken to.
    public let kind: Kind
    /// Its host and port, as in a URL.
    let authority: String
    /// The user name and password, when it wants them.
    let credentials: Credentials?

    /// Parses `http://user:password@proxy:3128`.
    ///
    /// The other schemes are `https`, `socks5` and `socks5h`. Reserved characters of the user and the password are
    /// written with `%`; without a port it is 80, 443 or 1080.
    ///
    /// - Throws: `HTTPProxyError` for anything else, a path included.
    public init(_ text: String) throws(HTTPProxyError) {
        let scheme = text.prefix { $0 != ":" }
        guard let kind = Kind(rawValue: scheme.lowercased()), text[scheme.endIndex...].hasPrefix("://") else {
            throw .unknownScheme
        }
        self.kind = kind
        // curl's parser knows the rest, which is the same for all schemes.
        guard let url = CurlURL("http\(text[scheme.endIndex...])"), url.isBare else { throw .malformed }
        let name = url.host.contains(":") ? "[\(url.host)]" : url.host
        authority = "\(name):\(url.writtenPort ?? kind.defaultPort)"
        credentials = url.credentials
    }

    struct Credentials: Hashable {
        let user: String
        let password: String
    }
}

extension HTTPProxy: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// The proxy's URL without user and password.
    public var description: String { "\(kind.rawValue)://\(authority)" }
    /// The same.
    public var debugDescription: String { description }
    /// The same, so that no dump shows the password.
    public var customMirror: Mirror { Mirror(self, children: ["proxy": description]) }
}

extension HTTPProxy.Kind {
    fileprivate var defaultPort: UInt16 {
        switch self {
        case .http: 80
        case .https: 443
        case .socks5, .socks5h: 1080
        }
    }
}

/// Why a text is no proxy.
public enum HTTPProxyError: Error, Sendable, Hashable {
    /// Its scheme is none of the known ones.
    case unknownScheme
    /// It has no host, a bad port, or more than a host and a port.
    case malformed
}

extension HTTPProxyError: CustomStringConvertible {
    /// What is wrong, and what would be right; never the text, which may hold a password.
    public var description: String {
        switch self {
        case .unknownScheme: "a proxy's URL begins with http://, https://, socks5:// or socks5h://"
        case .malformed: "a proxy's URL is a scheme, perhaps user:password@, a host and a port: http://proxy:3128"
        }
    }
}
