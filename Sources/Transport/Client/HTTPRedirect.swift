/// What comes of an answer that points elsewhere (RFC 9110 §15.4).
enum HTTPRedirect {
    /// Tells whether the answer is one that can be followed.
    static func isRedirect(_ status: HTTPStatus, _ headers: HTTPFields) -> Bool {
        switch status.rawValue {
        case 301, 302, 303, 307, 308: headers.contains("location")
        default: false
        }
    }

    /// The request that follows the answer, or nil when the answer is the last.
    ///
    /// - Throws: `HTTPClientError` when it should be followed and cannot.
    static func next(
        after request: HTTPClientRequest, _ response: HTTPClientResponse
    ) throws(HTTPClientError) -> HTTPClientRequest? {
        guard request.followRedirects > 0, isRedirect(response.status, response.headers),
            let location = response.headers["location"], let here = CurlURL(request.url)
        else { return nil }
        guard let target = here.resolving(location) else {
            throw .redirectRefused(host: here.authority, reason: "it leads to no http or https URL")
        }
        var next = request
        next.url = target.text
        next.followRedirects -= 1
        if turnsIntoGet(response.status, request.method) {
            next.method = .get
            next.dropBody()
        } else if let source = request.bodySource, !source.isReplayable {
            throw .redirectRefused(host: here.authority, reason: "the request's body can be sent only once")
        }
        if !target.hasOrigin(of: here) {
            for name in ["Authorization", "Cookie"] { next.headers[name] = nil }
            // These are known to the first server only, as is whoever the socket or the certificate is for.
            next.unixSocketPath = nil
        }
        return next
    }

    private static func turnsIntoGet(_ status: HTTPStatus, _ method: HTTPMethod) -> Bool {
        switch status.rawValue {
        case 303: method != .get && method != .head
        case 301, 302: method == .post
        default: false
        }
    }
}

extension HTTPClientRequest {
    fileprivate mutating func dropBody() {
        body = []
        bodySource = nil
        for name in ["Content-Type", "Content-Encoding", "Content-Language", "Content-Location"] {
            headers[name] = nil
        }
    }
}
