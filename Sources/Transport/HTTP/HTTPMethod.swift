/// The method of a request, a case-sensitive token (RFC 9110 §9).
public struct HTTPMethod: RawRepresentable, Sendable, Hashable, CustomStringConvertible {
    /// The method's name.
    public let rawValue: String

    /// Creates a method of any name; it is not checked.
    public init(rawValue: String) {
        self.rawValue = rawValue
    }

    /// The method's name.
    public var description: String { rawValue }

    /// Reads.
    public static let get = HTTPMethod(rawValue: "GET")
    /// Reads without the body.
    public static let head = HTTPMethod(rawValue: "HEAD")
    /// Hands something in.
    public static let post = HTTPMethod(rawValue: "POST")
    /// Puts something in a place.
    public static let put = HTTPMethod(rawValue: "PUT")
    /// Changes a part.
    public static let patch = HTTPMethod(rawValue: "PATCH")
    /// Removes.
    public static let delete = HTTPMethod(rawValue: "DELETE")
    /// Asks what is possible.
    public static let options = HTTPMethod(rawValue: "OPTIONS")
}
