/// Which pages may make a browser do something with its session here.
public struct CSRFConfiguration: Sendable, Hashable {
    /// The origins beside our own: `https://app.example`, without a slash at the end.
    public var trustedOrigins: Set<String>

    /// Creates a configuration.
    public init(trustedOrigins: Set<String> = []) {
        self.trustedOrigins = trustedOrigins
    }
}

/// Refuses requests that a page of another site made a browser send with the session it has here.
///
/// Looked at are requests that can change something (or open a WebSocket) and carry what a browser adds by itself: a
/// cookie, or a password of the `Basic` kind. A bearer token is no such thing, so a request with one passes. The browser
/// says where the page is from in `Sec-Fetch-Site`, an older one in `Origin`; a request that says neither is refused.
public struct CSRFMiddleware: HTTPMiddleware {
    private let configuration: CSRFConfiguration

    /// Creates the middleware.
    public init(_ configuration: CSRFConfiguration = CSRFConfiguration()) {
        self.configuration = configuration
    }

    /// Asks the next one, or answers 403.
    public func respond(to request: HTTPRequest, next: any HTTPHandler) async -> HTTPResponse {
        guard Self.canChange(request), Self.hasSession(request.headers), let fault = fault(request.head) else {
            return await next.respond(to: request)
        }
        return .problem(.forbidden, fault)
    }

    private static func canChange(_ request: HTTPRequest) -> Bool {
        switch request.method.rawValue {
        case "GET", "HEAD", "OPTIONS", "TRACE": request.headers.contains("upgrade")
        default: true
        }
    }

    private static func hasSession(_ headers: HTTPFields) -> Bool {
        guard let authorization = headers["authorization"] else { return headers.contains("cookie") }
        let scheme = authorization.prefix { $0 != " " }
        // What a browser keeps and sends by itself.
        return ["Basic", "Digest", "Negotiate", "NTLM"].contains { HTTPFields.isEqual(scheme, $0) }
    }

    private func fault(_ head: HTTPRequestHead) -> String? {
        let origin = head.headers["origin"]
        if let origin, configuration.trustedOrigins.contains(origin) { return nil }
        switch head.headers["sec-fetch-site"] {
        case "same-origin", "none": return nil
        case .some: return "a page of another origin must not use the session of this browser"
        case nil: break
        }
        guard let origin else {
            return "a request with a session must say where it comes from, in Origin; programs use a token instead"
        }
        return isOwn(origin, head) ? nil : "a page of another origin must not use the session of this browser"
    }

    /// Tells whether an origin is the one that the request went to.
    ///
    /// Without TLS here the scheme is not looked at: a proxy in front, of which nothing is known, may speak HTTPS.
    private func isOwn(_ origin: String, _ head: HTTPRequestHead) -> Bool {
        guard let host = head.headers["host"] else { return false }
        for (scheme, port) in [("https://", ":443"), ("http://", ":80")] where origin.hasPrefix(scheme) {
            guard scheme == "https://" || !head.isSecure else { return false }
            let name = origin.dropFirst(scheme.utf8.count)
            let bare = host.hasSuffix(port) ? host.dropLast(port.utf8.count) : host[...]
            return HTTPFields.isEqual(name, bare)
        }
        return false
    }
}
