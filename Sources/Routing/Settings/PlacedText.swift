public import Configuration

/// A text of routes.yaml, a path say, with the place where it stands.
///
/// Two are equal when they say the same, wherever they stand.
public struct PlacedText: Sendable {
    /// The text; a path is meant from the working folder.
    public var text: String
    /// Where it stands.
    public var position: SourcePosition
    /// The key that holds it.
    public var keyPath: NodePath

    /// Creates a text.
    public init(_ text: String, at position: SourcePosition = .builtIn, keyPath: NodePath = NodePath()) {
        self.text = text
        self.position = position
        self.keyPath = keyPath
    }

    /// Takes a text as it stands there.
    init?(_ value: SettingValue?) {
        guard let value, let text = value.string else { return nil }
        self.init(text, at: value.position, keyPath: value.keyPath)
    }

    /// Takes a path, which is relative to the file that gives it.
    init?(path value: SettingValue?) {
        guard let value, let path = value.path(after: "") else { return nil }
        self.init(path, at: value.position, keyPath: value.keyPath)
    }

    /// Says what is wrong with it.
    public func diagnostic(_ severity: Diagnostic.Severity, _ message: String) -> Diagnostic {
        Diagnostic(severity, at: position, keyPath: keyPath, message)
    }
}

extension PlacedText: Hashable {
    /// Compares the texts.
    public static func == (left: Self, right: Self) -> Bool { left.text == right.text }

    /// Hashes the text.
    public func hash(into hasher: inout Hasher) { hasher.combine(text) }
}

extension SettingValue {
    /// The text as a path from the working folder, when it begins with the prefix, which it keeps.
    ///
    /// A path of the file is relative to the file that gives it; one of the environment to the working folder.
    func path(after prefix: String) -> String? {
        guard let string, string.hasPrefix(prefix) else { return nil }
        return prefix + String(string.dropFirst(prefix.count)).relative(to: position.folder)
    }
}

extension String {
    /// The path, from a folder that ends with a slash or is empty.
    func relative(to folder: String) -> String {
        hasPrefix("/") ? self : folder + (hasPrefix("./") ? String(dropFirst(2)) : self)
    }
}
