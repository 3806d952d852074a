/// Why a connection gets no further request answered.
enum HTTPRefusal: Error {
    /// The request is answered with this status and the connection closed.
    case status(HTTPStatus, String)
    /// The connection is lost, or no more is to be said.
    case lost(TransportError)

    static func bad(_ detail: String) -> HTTPRefusal { .status(.badRequest, detail) }
}
