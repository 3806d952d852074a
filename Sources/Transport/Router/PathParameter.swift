/// A value that stands in a path, `{id}` in `/v1/messages/{id}`.
public protocol PathParameter: Sendable {
    /// What such a value looks like, for whoever wrote another: `a whole number`.
    static var pathParameterForm: String { get }
    /// The answer to another text: 400 if not defined.
    static var pathParameterRefusal: HTTPStatus { get }

    /// Reads the value from the decoded text of a segment; nil when it has another form.
    init?(pathParameter text: String)
}

extension PathParameter {
    /// The path is malformed.
    public static var pathParameterRefusal: HTTPStatus { .badRequest }
}

/// Why a path has no value of the type that an endpoint takes; the answer says what was expected.
public enum PathParameterError: Error, Sendable, Hashable {
    /// The text is no value of the type; `form` says what one looks like, and `status` what the answer is.
    case malformed(name: String, text: String, form: String, status: HTTPStatus)
    /// The pattern of the endpoint has no parameter of this name: a mistake of ours, so the answer is 500.
    case unknown(name: String)

    /// The answer to the request.
    public var response: HTTPResponse {
        switch self {
        case .malformed(_, _, _, let status): .problem(status, description)
        case .unknown: .problem(.internalServerError, description)
        }
    }
}

extension PathParameterError: CustomStringConvertible {
    /// What was found and what was expected.
    public var description: String {
        switch self {
        case .malformed(let name, let text, let form, _):
            "the path's \(name): expected \(form), found \"\(text.prefix(80))\""
        case .unknown(let name):
            "the endpoint takes \"\(name)\", which its path does not have"
        }
    }
}

extension HTTPRequest {
    /// A parameter of the path as a value of this type.
    ///
    /// - Throws: `PathParameterError`, whose ``PathParameterError/response`` is the answer.
    public func parameter<Value: PathParameter>(
        _ name: String, as type: Value.Type = Value.self
    ) throws(PathParameterError) -> Value {
        guard let text = parameters[name] else { throw .unknown(name: name) }
        guard let value = Value(pathParameter: text) else {
            throw .malformed(
                name: name, text: text, form: Value.pathParameterForm, status: Value.pathParameterRefusal)
        }
        return value
    }
}

extension String: PathParameter {
    /// Any text will do.
    public static var pathParameterForm: String { "a text" }

    /// The text itself.
    public init?(pathParameter text: String) {
        self = text
    }
}

extension PathParameter where Self: FixedWidthInteger {
    /// Digits only, so that a number has one path.
    public static var pathParameterForm: String { "a whole number from 0 to \(Self.max)" }

    /// Reads decimal digits without a sign, and without zeros in front.
    public init?(pathParameter text: String) {
        let digits = text.utf8
        guard digits.allSatisfy({ (0x30...0x39).contains($0) }), digits.first != 0x30 || digits.count == 1 else {
            return nil
        }
        self.init(text)
    }
}

extension Int: PathParameter {}
extension Int64: PathParameter {}
extension UInt64: PathParameter {}
extension UInt16: PathParameter {}

extension PathParameter where Self: RawRepresentable & CaseIterable, RawValue == String {
    /// The words, in their order.
    public static var pathParameterForm: String {
        let words = allCases.map(\.rawValue)
        guard words.count > 1, let last = words.last else { return words.first ?? "nothing" }
        return words.dropLast().joined(separator: ", ") + " or " + last
    }

    /// A path with another word is none: there is nothing at it.
    public static var pathParameterRefusal: HTTPStatus { .notFound }

    /// Reads one of the words.
    public init?(pathParameter text: String) {
        self.init(rawValue: text)
    }
}
