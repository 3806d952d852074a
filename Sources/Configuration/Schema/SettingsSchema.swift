/// The keys that a mapping of the configuration may have.
public struct SettingsSchema: Sendable, Hashable {
    /// The keys, in the order of the reference page.
    public var settings: [Setting]
    /// What the mapping as a whole is for, for the reference page.
    public var prose: String

    /// Makes a schema.
    public init(_ settings: [Setting] = [], prose: String = "") {
        self.settings = settings
        self.prose = prose
    }

    /// The declaration of a key.
    public subscript(name: String) -> Setting? { settings.first { $0.name == name } }

    /// This schema with the keys of another after its own; of a key both have, this one's counts.
    ///
    /// Mailboxes have keys of their own beside those of their adapter; the two are one mapping in the file.
    public func adding(_ other: SettingsSchema) -> SettingsSchema {
        SettingsSchema(settings + other.settings.filter { self[$0.name] == nil }, prose: prose)
    }
}

extension SettingsSchema: ExpressibleByArrayLiteral {
    /// Makes a schema of settings.
    public init(arrayLiteral settings: Setting...) {
        self.init(settings)
    }
}
