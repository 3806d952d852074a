/// Why a stage could not do its work on a message.
///
/// The dispatch is held with this reason; nothing is lost.
public enum StageError: Error, Sendable, Hashable {
    /// A value that a template gave does not fit the field it is for.
    case badValue(field: String, text: String, expected: String)
    /// A template grew beyond what a message may hold.
    case tooLarge(limit: Int)
    /// A condition could not be evaluated.
    case condition(String)
    /// The work cannot be done on this message, for this reason.
    case failed(String)
    /// A stage made more messages of one than is sound.
    case tooManyMessages(limit: Int)
}

extension StageError: CustomStringConvertible {
    /// What happened, and what to do.
    public var description: String {
        switch self {
        case .badValue(let field, let text, let expected):
            "\(field) cannot be \(ShownText.quoted(text)); expected \(expected)"
        case .tooLarge(let limit): "a template made more than \(limit) bytes; put `| truncate` behind the long variable"
        case .condition(let reason): "the condition cannot be evaluated: \(reason)"
        case .failed(let reason): reason
        case .tooManyMessages(let limit): "the stages made more than \(limit) messages of one"
        }
    }
}
