public import Configuration

/// What a stage says of itself: parsing, `check` and the reference page come from it.
public struct StageDeclaration: Sendable {
    /// The stage's name as a key of `via`, what it holds, what it is for, and an example value.
    public var setting: Setting
    /// What the stage does, in half a sentence.
    public var summary: String
    /// Whether it works without input and output, so that it may run before the commit.
    public var isPure: Bool
    /// A message before and after, which a test runs.
    public var example: StageExample

    /// Declares a stage.
    public init(setting: Setting, summary: String, isPure: Bool = true, example: StageExample) {
        self.setting = setting
        self.summary = summary
        self.isPure = isPure
        self.example = example
    }

    /// The stage's name.
    public var name: String { setting.name }
}

/// A stage at work on one message.
public struct StageExample: Sendable {
    /// What becomes of the message.
    public enum Effect: Sendable {
        /// It passes, and these template variables have these values.
        case passes(KeyValuePairs<String, String>)
        /// It is dropped for this reason.
        case drops(reason: String)
        /// It passes as it is, and a copy goes to this address.
        case copies(to: String)
    }

    /// The element of `via`, as it stands in the file.
    public var element: String
    /// The fields of the message before, by the names `set` has for them.
    public var before: KeyValuePairs<String, String>
    /// What becomes of it.
    public var effect: Effect

    /// Creates an example.
    public init(_ element: String, before: KeyValuePairs<String, String>, _ effect: Effect) {
        self.element = element
        self.before = before
        self.effect = effect
    }
}

/// What a stage is made from: its checked settings, and the node they were read from.
public struct StageArguments: Sendable {
    /// The settings, as the stage's declaration types them.
    public var value: SettingValue
    /// The node, for places inside a text.
    public var node: YAMLNode

    /// Creates arguments.
    public init(value: SettingValue, node: YAMLNode) {
        self.value = value
        self.node = node
    }
}
