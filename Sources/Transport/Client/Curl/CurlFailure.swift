import CCurl

/// What kind of failure a code of curl is.
enum CurlFailure {
    case url
    case option
    case name
    case connection
    case security
    case time
    case other

    init(_ code: CURLcode) {
        switch code {
        case CURLE_URL_MALFORMAT, CURLE_UNSUPPORTED_PROTOCOL: self = .url
        case CURLE_BAD_FUNCTION_ARGUMENT, CURLE_UNKNOWN_OPTION, CURLE_NOT_BUILT_IN, CURLE_FAILED_INIT: self = .option
        case CURLE_COULDNT_RESOLVE_HOST, CURLE_COULDNT_RESOLVE_PROXY: self = .name
        case CURLE_COULDNT_CONNECT, CURLE_PROXY: self = .connection
        case CURLE_SSL_CONNECT_ERROR, CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CIPHER, CURLE_SSL_CACERT_BADFILE,
            CURLE_SSL_CERTPROBLEM, CURLE_SSL_ISSUER_ERROR, CURLE_SSL_INVALIDCERTSTATUS, CURLE_USE_SSL_FAILED,
            CURLE_SSL_ENGINE_NOTFOUND, CURLE_SSL_ENGINE_SETFAILED:
            self = .security
        case CURLE_OPERATION_TIMEDOUT: self = .time
        default: self = .other
        }
    }

    /// The host and port of a URL, without what may be secret: user, password, path and query.
    static func host(of url: String) -> String {
        var rest = url[...]
        if let slashes = rest.utf8.firstIndex(of: UInt8(ascii: "/")) {
            rest = rest[slashes...].drop { $0 == "/" }
        }
        rest = rest.prefix { $0 != "/" && $0 != "?" && $0 != "#" && $0 != "\\" }
        if let at = rest.lastIndex(of: "@") { rest = rest[rest.index(after: at)...] }
        return String(rest.prefix(255))
    }
}
