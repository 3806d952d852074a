/// Why there is no response.
///
/// No case holds a path or a query, as those may be secret.
public enum HTTPClientError: Error, Sendable, Hashable {
    /// The URL is malformed, or neither `http` nor `https`.
    case invalidURL
    /// A header field, or another part, cannot be sent.
    case invalidRequest(String)
    /// The host's name has no address.
    case unresolvable(host: String)
    /// The address is not one of the public Internet's, and the request refuses those.
    case privateAddress(IPAddress)
    /// Nobody accepts the connection.
    case connectionFailed(host: String, detail: String)
    /// There is no secure connection: a bad certificate, or no common version.
    case insecure(host: String, detail: String)
    /// The time is over; whether the server has the request is unknown when it was sent.
    case timedOut(host: String, requestWasSent: Bool)
    /// The connection broke, or the answer is no HTTP; whether the server has the request is unknown when it was sent.
    case connectionLost(host: String, detail: String, requestWasSent: Bool)
    /// The response has more bytes than the request allows.
    case responseTooLarge(host: String, limit: Int, status: HTTPStatus)
    /// There are more redirects than the request allows.
    case tooManyRedirects(host: String)
    /// A redirect cannot be followed.
    case redirectRefused(host: String, reason: String)
    /// The source of the request's body failed.
    case bodyFailed(host: String, detail: String, requestWasSent: Bool)
    /// Too many requests wait for the host already.
    case tooManyWaiting(host: String)
    /// The task was cancelled.
    case cancelled(requestWasSent: Bool)
    /// The client, or its loop, has been stopped.
    case stopped(requestWasSent: Bool)

    /// Tells whether the server may have got the request; false is certain.
    public var requestWasSent: Bool {
        switch self {
        case .timedOut(_, let sent), .connectionLost(_, _, let sent), .bodyFailed(_, _, let sent),
            .cancelled(let sent), .stopped(let sent):
            sent
        case .responseTooLarge, .tooManyRedirects, .redirectRefused: true
        case .invalidURL, .invalidRequest, .unresolvable, .privateAddress, .connectionFailed, .insecure,
            .tooManyWaiting:
            false
        }
    }
}

extension HTTPClientError: CustomStringConvertible {
    /// What happened, where, and what to do.
    public var description: String {
        switch self {
        case .invalidURL: "the URL is malformed or neither http nor https"
        case .invalidRequest(let reason): "the request cannot be sent: \(reason)"
        case .unresolvable(let host): "no address found for \(host); check the name and the machine's DNS"
        case .privateAddress(let address): "\(address) is a private address; only public ones may be asked here"
        case .connectionFailed(let host, let detail): "no connection to \(host): \(detail)"
        case .insecure(let host, let detail): "no secure connection to \(host): \(detail)"
        case .timedOut(let host, let sent): "\(host) did not answer in time; \(Self.fate(sent))"
        case .connectionLost(let host, let detail, let sent):
            "the connection to \(host) broke: \(detail); \(Self.fate(sent))"
        case .responseTooLarge(let host, let limit, _): "the response of \(host) has more than \(limit) bytes"
        case .tooManyRedirects(let host): "\(host) redirects more often than is allowed"
        case .redirectRefused(let host, let reason): "a redirect of \(host) cannot be followed: \(reason)"
        case .bodyFailed(let host, let detail, let sent):
            "the body of the request to \(host) failed: \(detail); \(Self.fate(sent))"
        case .tooManyWaiting(let host): "too many requests wait for \(host) already; try again later"
        case .cancelled(let sent): "the request was cancelled; \(Self.fate(sent))"
        case .stopped(let sent): "the HTTP client has been stopped; \(Self.fate(sent))"
        }
    }

    private static func fate(_ sent: Bool) -> String {
        sent ? "the server may have got the request" : "the request was not sent"
    }
}
