/// The checked settings of one mapping, with defaults filled in.
///
/// Read it only when ``isValid``: after a fault the missing values read as their default, or as nothing (`""`, 0, an
/// empty list), so that checks can go on and report more. Asking for a key that the schema does not declare, or as
/// another type than it declares, is a mistake of the program and traps.
///
/// Two are equal when they hold the same values, wherever these stand and whether given or default: a reload uses that
/// to tell which mailboxes did not change.
public struct SettingsObject: Sendable {
    /// The keys it may have.
    public let schema: SettingsSchema
    /// Where the mapping begins.
    public let position: SourcePosition
    /// The way to the mapping.
    public let keyPath: NodePath
    /// Whether nothing in it was wrong.
    public let isValid: Bool

    private let values: [String: SettingValue]

    init(
        schema: SettingsSchema, values: [String: SettingValue], position: SourcePosition, keyPath: NodePath,
        isValid: Bool
    ) {
        self.schema = schema
        self.values = values
        self.position = position
        self.keyPath = keyPath
        self.isValid = isValid
    }

    /// Makes empty settings.
    ///
    /// For tests, and for adapters that have no settings.
    public init() {
        self.init(schema: [], values: [:], position: .builtIn, keyPath: NodePath(), isValid: true)
    }

    /// The value of a key, given or default; `nil` when there is neither, or it was faulty.
    public func value(_ name: String) -> SettingValue? {
        precondition(schema[name] != nil, "no setting named \(name) is declared")
        return values[name]
    }

    /// Whether the file gives the key, be it with the value of the default.
    public func isGiven(_ name: String) -> Bool {
        value(name).map { $0.position != .builtIn } ?? false
    }

    /// Where the value of a key stands; where the mapping begins if the file does not give it.
    public func position(of name: String) -> SourcePosition {
        guard let value = value(name), value.position != .builtIn else { return position }
        return value.position
    }

    /// The way to a key.
    public func keyPath(of name: String) -> NodePath { keyPath.appending(name) }
}

extension SettingsObject: Hashable {
    /// Compares the values.
    public static func == (left: Self, right: Self) -> Bool { left.values == right.values }

    /// Hashes the values.
    public func hash(into hasher: inout Hasher) { hasher.combine(values) }
}

extension SettingsObject: CustomStringConvertible {
    /// The names of the keys that have a value; values may be private.
    public var description: String {
        "\(keyPath) {\(schema.settings.map(\.name).filter { values[$0] != nil }.joined(separator: ", "))}"
    }
}
