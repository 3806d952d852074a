/// The status code of a response (RFC 9110 §15).
public struct HTTPStatus: RawRepresentable, Sendable, Hashable, Comparable, CustomStringConvertible {
    /// The code, 100 to 599 (999 from servers that know no bounds).
    public let rawValue: Int

    /// Creates a status of any code; it is not checked.
    public init(rawValue: Int) {
        self.rawValue = rawValue
    }

    /// Tells whether the request succeeded, 2xx.
    public var isSuccess: Bool { 200..<300 ~= rawValue }
    /// Tells whether a response of this status never has a body: 1xx, 204, 304.
    public var hasNoBody: Bool { rawValue < 200 || rawValue == 204 || rawValue == 304 }
    /// The code and its usual words: `404 Not Found`.
    public var description: String { "\(rawValue) \(reason)" }

    /// Tells whether the first code is the smaller one.
    public static func < (left: HTTPStatus, right: HTTPStatus) -> Bool { left.rawValue < right.rawValue }

    /// 101: from here on another protocol is spoken.
    public static let switchingProtocols = HTTPStatus(rawValue: 101)
    /// 200: here it is.
    public static let ok = HTTPStatus(rawValue: 200)
    /// 201: something new exists.
    public static let created = HTTPStatus(rawValue: 201)
    /// 202: taken, to be done later.
    public static let accepted = HTTPStatus(rawValue: 202)
    /// 204: done, and there is nothing to say.
    public static let noContent = HTTPStatus(rawValue: 204)
    /// 206: a part of it.
    public static let partialContent = HTTPStatus(rawValue: 206)
    /// 301: it is elsewhere, for good.
    public static let movedPermanently = HTTPStatus(rawValue: 301)
    /// 302: it is elsewhere for now.
    public static let found = HTTPStatus(rawValue: 302)
    /// 303: look there with GET.
    public static let seeOther = HTTPStatus(rawValue: 303)
    /// 304: the copy at hand is still good.
    public static let notModified = HTTPStatus(rawValue: 304)
    /// 307: the same request, elsewhere, for now.
    public static let temporaryRedirect = HTTPStatus(rawValue: 307)
    /// 308: the same request, elsewhere, for good.
    public static let permanentRedirect = HTTPStatus(rawValue: 308)
    /// 400: the request is malformed.
    public static let badRequest = HTTPStatus(rawValue: 400)
    /// 401: say who you are.
    public static let unauthorized = HTTPStatus(rawValue: 401)
    /// 403: not for you.
    public static let forbidden = HTTPStatus(rawValue: 403)
    /// 404: no such thing.
    public static let notFound = HTTPStatus(rawValue: 404)
    /// 405: not with this method.
    public static let methodNotAllowed = HTTPStatus(rawValue: 405)
    /// 406: not in a form you accept.
    public static let notAcceptable = HTTPStatus(rawValue: 406)
    /// 408: the request did not come in time.
    public static let requestTimeout = HTTPStatus(rawValue: 408)
    /// 409: it does not go with the present state.
    public static let conflict = HTTPStatus(rawValue: 409)
    /// 410: it was here and is gone for good.
    public static let gone = HTTPStatus(rawValue: 410)
    /// 412: a precondition of the request is false.
    public static let preconditionFailed = HTTPStatus(rawValue: 412)
    /// 413: the body is over the limit.
    public static let contentTooLarge = HTTPStatus(rawValue: 413)
    /// 414: the target is over the limit.
    public static let uriTooLong = HTTPStatus(rawValue: 414)
    /// 415: the body is in a form that is not understood.
    public static let unsupportedMediaType = HTTPStatus(rawValue: 415)
    /// 416: there is no such part.
    public static let rangeNotSatisfiable = HTTPStatus(rawValue: 416)
    /// 417: the expectation cannot be met.
    public static let expectationFailed = HTTPStatus(rawValue: 417)
    /// 422: the form is right and the content is not.
    public static let unprocessableContent = HTTPStatus(rawValue: 422)
    /// 426: not with this protocol.
    public static let upgradeRequired = HTTPStatus(rawValue: 426)
    /// 429: too many requests.
    public static let tooManyRequests = HTTPStatus(rawValue: 429)
    /// 431: the head is over the limit.
    public static let headerFieldsTooLarge = HTTPStatus(rawValue: 431)
    /// 500: a fault of the server.
    public static let internalServerError = HTTPStatus(rawValue: 500)
    /// 501: the server does not know how.
    public static let notImplemented = HTTPStatus(rawValue: 501)
    /// 502: the server behind gave a bad answer.
    public static let badGateway = HTTPStatus(rawValue: 502)
    /// 503: not now.
    public static let serviceUnavailable = HTTPStatus(rawValue: 503)
    /// 504: the server behind did not answer in time.
    public static let gatewayTimeout = HTTPStatus(rawValue: 504)
    /// 505: no such version of HTTP here.
    public static let versionNotSupported = HTTPStatus(rawValue: 505)
    /// 507: no room to keep it.
    public static let insufficientStorage = HTTPStatus(rawValue: 507)
}
