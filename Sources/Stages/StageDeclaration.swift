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

/// What a stage is made from: its checked settings, and the node they were read from.
public struct StageArguments: Sendable {
    /// The settings, as the stage's declaration types them.
    public var value: SettingValue
    /// The node, for places inside a text.
    public var node: YAMLNode
    /// What the settings may name.
    public var surroundings: StageSurroundings

    /// Creates arguments.
    public init(value: SettingValue, node: YAMLNode, surroundings: StageSurroundings = .none) {
        self.value = value
        self.node = node
        self.surroundings = surroundings
    }
}

/// What stands around the stages in a configuration, so that their settings may name it.
public struct StageSurroundings: Sendable {
    /// The files that settings name.
    public var files: ConfigurationFiles
    /// The adapter of each mailbox, by the mailbox's name.
    public var adapters: [String: String]
    /// Mailboxes that are declared with faults; nothing is said of a name among them.
    public var faulty: Set<String>

    /// Creates surroundings.
    public init(files: ConfigurationFiles = .none, adapters: [String: String] = [:], faulty: Set<String> = []) {
        self.files = files
        self.adapters = adapters
        self.faulty = faulty
    }

    /// Nothing that could be named.
    public static let none = StageSurroundings()
}
