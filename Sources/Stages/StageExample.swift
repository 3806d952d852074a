public import Messages

/// A stage at work on one message.
public struct StageExample: Sendable {
    /// What becomes of the message.
    public enum Effect: Sendable {
        /// It passes, and these template variables have these values.
        case passes(KeyValuePairs<String, String>)
        /// It becomes several messages with these texts, in their order.
        case splits([String])
        /// It is dropped for this reason.
        case drops(reason: String)
        /// It is held for this reason.
        case holds(reason: String)
        /// It passes as it is, and a copy goes to this address.
        case copies(to: String)
    }

    /// The element of `via`, as it stands in the file.
    public var element: String
    /// The files that the element names, by their paths.
    public var files: KeyValuePairs<String, String>
    /// The fields of the message before, by the names `set` has for them.
    public var before: KeyValuePairs<String, String>
    /// How its text is to be read.
    public var format: TextFormat
    /// What becomes of it.
    public var effect: Effect

    /// Creates an example.
    public init(
        _ element: String, files: KeyValuePairs<String, String> = [:], before: KeyValuePairs<String, String>,
        format: TextFormat = .plain, _ effect: Effect
    ) {
        self.element = element
        self.files = files
        self.before = before
        self.format = format
        self.effect = effect
    }
}
