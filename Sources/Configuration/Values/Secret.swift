/// A text that must not be seen: its description, debug description and reflection are `***`.
///
/// ``reveal()`` gives the text, at the one place that needs it.
public struct Secret: Sendable, Hashable {
    private let text: String

    /// Wraps a text.
    public init(_ text: String) {
        self.text = text
    }

    /// The text itself; never put it into a log line, a trace, an error or an answer.
    public func reveal() -> String { text }

    /// Whether there is no text.
    public var isEmpty: Bool { text.isEmpty }

    /// What stands for a secret wherever one would be shown.
    public static let mask = "***"
}

extension Secret: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// `***`.
    public var description: String { Self.mask }

    /// `***`.
    public var debugDescription: String { Self.mask }

    /// A mirror without children, so that `dump` shows nothing.
    public var customMirror: Mirror { Mirror(self, children: EmptyCollection<Mirror.Child>()) }
}
