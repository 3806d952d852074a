/// Something wrong, or odd, in the configuration: where, at which key, what, and what may have been meant.
public struct Diagnostic: Error, Sendable, Hashable {
    /// How bad it is.
    public enum Severity: Sendable, Hashable {
        /// The configuration cannot be used.
        case error
        /// The configuration can be used, but probably does not say what was meant.
        case warning
    }

    /// How bad it is.
    public var severity: Severity
    /// Where.
    public var position: SourcePosition
    /// At which key; the top when the fault belongs to the whole file.
    public var keyPath: NodePath
    /// What is wrong, without a full stop.
    public var message: String
    /// The nearest valid word, if there is one.
    public var suggestion: String?

    /// Makes a diagnostic.
    public init(
        _ severity: Severity = .error, at position: SourcePosition, keyPath: NodePath = NodePath(), _ message: String,
        suggestion: String? = nil
    ) {
        self.severity = severity
        self.position = position
        self.keyPath = keyPath
        self.message = message
        self.suggestion = suggestion
    }
}

extension Diagnostic: CustomStringConvertible {
    /// One line: `routes.yaml:31:9: routes[2].to[0]: no mailbox named "wrok"; did you mean "work"?`.
    public var description: String {
        var text = "\(position): "
        if severity == .warning { text += "warning: " }
        if !keyPath.steps.isEmpty { text += "\(keyPath): " }
        text += message
        if let suggestion { text += "; did you mean \(quoted(suggestion))?" }
        return text
    }
}
