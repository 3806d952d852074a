public import Configuration

/// A file that routes.yaml names, with the place where it does.
///
/// Two are equal when they are the same file, wherever they are named.
public struct NamedFile: Sendable {
    /// The path; a relative one is meant from the working folder.
    public var path: String
    /// Where routes.yaml names it.
    public var position: SourcePosition
    /// The key that names it.
    public var keyPath: NodePath

    /// Creates a file.
    public init(_ path: String, at position: SourcePosition = .builtIn, keyPath: NodePath = NodePath()) {
        self.path = path
        self.position = position
        self.keyPath = keyPath
    }

    /// Reads a setting that is a path; `nil` when it is not given.
    init?(_ settings: SettingsObject, _ name: String) {
        guard let value = settings.value(name), let path = value.path(after: "") else { return nil }
        self.init(path, at: value.position, keyPath: value.keyPath)
    }

    /// Says what is wrong with the file.
    public func diagnostic(_ severity: Diagnostic.Severity, _ message: String) -> Diagnostic {
        Diagnostic(severity, at: position, keyPath: keyPath, message)
    }
}

extension NamedFile: Hashable {
    /// Compares the paths.
    public static func == (left: Self, right: Self) -> Bool { left.path == right.path }

    /// Hashes the path.
    public func hash(into hasher: inout Hasher) { hasher.combine(path) }
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
