public import Configuration

/// What a routing table must know of an adapter; the adapters themselves stay outside.
public struct AdapterDescription: Sendable {
    /// The name, as `adapter:` gives it.
    public var name: String
    /// What it bridges, in half a sentence, for the reference page.
    public var summary: String
    /// The keys that a mailbox of it has beside the common ones.
    public var settings: SettingsSchema
    /// Whether messages come in by it.
    public var canReceive: Bool
    /// Whether messages go out by it.
    public var canSend: Bool
    /// Finds what is wrong with a mailbox's settings beyond what their schema says.
    public var check: @Sendable (_ settings: SettingsObject, _ mailbox: String) -> [Diagnostic]

    /// Describes an adapter.
    public init(
        name: String, summary: String = "", settings: SettingsSchema = [], canReceive: Bool = true,
        canSend: Bool = true,
        check: @escaping @Sendable (_ settings: SettingsObject, _ mailbox: String) -> [Diagnostic] = { _, _ in [] }
    ) {
        self.name = name
        self.summary = summary
        self.settings = settings
        self.canReceive = canReceive
        self.canSend = canSend
        self.check = check
    }
}
