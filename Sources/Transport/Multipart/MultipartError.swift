/// Why a `multipart/form-data` body cannot be read.
public enum MultipartError: Error, Sendable, Hashable {
    /// The `Content-Type` is another.
    case notMultipart
    /// The boundary is missing, or not of 1 to 70 of the characters that RFC 2046 §5.1.1 allows.
    case invalidBoundary
    /// The body is not made as RFC 7578 wants it.
    case malformed(String)
    /// It has more parts than the limit.
    case tooManyParts(limit: Int)
    /// The header fields of a part have more bytes than the limit.
    case headTooLarge(limit: Int)
    /// A part has more bytes than the limit.
    case partTooLarge(name: String, limit: Int)
    /// The body did not come to its end.
    case body(HTTPBodyError)
}

extension MultipartError: CustomStringConvertible {
    /// What is wrong, and what is expected.
    public var description: String {
        switch self {
        case .notMultipart: "expected multipart/form-data"
        case .invalidBoundary: "the boundary of multipart/form-data has 1 to 70 letters, digits and '()+_,-./:=?"
        case .malformed(let reason): "the form is malformed: \(reason)"
        case .tooManyParts(let limit): "the form has more than \(limit) parts"
        case .headTooLarge(let limit): "the header of a part has more than \(limit) bytes"
        case .partTooLarge(let name, let limit): "the part \"\(name.prefix(80))\" has more than \(limit) bytes"
        case .body: "the body of the request did not come to its end"
        }
    }

    /// The answer to the request.
    public var response: HTTPResponse {
        switch self {
        case .notMultipart: .problem(.unsupportedMediaType, description)
        case .invalidBoundary, .malformed: .problem(.badRequest, description)
        case .tooManyParts, .headTooLarge, .partTooLarge: .problem(.contentTooLarge, description)
        case .body(let error): error.response
        }
    }
}
