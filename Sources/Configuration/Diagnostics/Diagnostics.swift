/// Collects everything that is wrong with a configuration, so that all of it is reported at once.
public struct Diagnostics: Sendable {
    private var collected: [Diagnostic] = []

    /// Makes an empty collection.
    public init() {}

    /// Everything collected, sorted by file, line and column, each once; what stands at one place keeps its order.
    public var all: [Diagnostic] {
        var seen: Set<Diagnostic> = []
        let sorted = collected.enumerated().sorted { left, right in
            left.element.position == right.element.position
                ? left.offset < right.offset : left.element.position < right.element.position
        }
        return sorted.map(\.element).filter { seen.insert($0).inserted }
    }

    /// The errors, sorted as ``all`` is.
    public var errors: [Diagnostic] { all.filter { $0.severity == .error } }

    /// Whether anything collected makes the configuration unusable.
    public var hasErrors: Bool { collected.contains { $0.severity == .error } }

    /// Whether nothing was collected.
    public var isEmpty: Bool { collected.isEmpty }

    /// Takes a diagnostic in.
    public mutating func append(_ diagnostic: Diagnostic) { collected.append(diagnostic) }

    /// Takes diagnostics in.
    public mutating func append(contentsOf diagnostics: [Diagnostic]) { collected += diagnostics }

    /// Reports an error.
    public mutating func error(
        _ message: String, at position: SourcePosition, keyPath: NodePath = NodePath(), suggestion: String? = nil
    ) {
        append(Diagnostic(.error, at: position, keyPath: keyPath, message, suggestion: suggestion))
    }

    /// Reports a warning.
    public mutating func warning(
        _ message: String, at position: SourcePosition, keyPath: NodePath = NodePath(), suggestion: String? = nil
    ) {
        append(Diagnostic(.warning, at: position, keyPath: keyPath, message, suggestion: suggestion))
    }

    /// How many errors there are; the number before and after tells whether a part was sound.
    var errorCount: Int { collected.count { $0.severity == .error } }
}

extension Diagnostics: CustomStringConvertible {
    /// One diagnostic per line.
    public var description: String { all.map(\.description).joined(separator: "\n") }
}
