/// The version of HTTP that a request came by, with the name that people know it by.
///
/// For this room and its log lines only: an endpoint cannot tell HTTP/1.1 from HTTP/2.
enum HTTPVersion: String {
    case http10 = "HTTP/1.0"
    case http11 = "HTTP/1.1"
    case http2 = "HTTP/2"
}
