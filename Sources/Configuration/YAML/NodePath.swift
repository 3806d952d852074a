/// The way from the top of a configuration to a node: `routes[2].to[0]`.
public struct NodePath: Sendable, Hashable {
    /// One step down.
    public enum Step: Sendable, Hashable {
        /// Into a mapping, by key.
        case key(String)
        /// Into a sequence, by index from 0.
        case index(Int)
    }

    /// The steps from the top.
    public var steps: [Step]

    /// Makes a path of steps; no steps mean the top.
    public init(_ steps: [Step] = []) {
        self.steps = steps
    }

    /// Reads a path as ``description`` writes it, as in `mailboxes.work.token` or `routes[2].to[0]`.
    ///
    /// - Returns: `nil` when a bracket is not closed, an index is no number, or a key is empty.
    public init?(parsing text: String) {
        var reader = NodePathReader(rest: Substring(text).unicodeScalars)
        guard let steps = reader.steps() else { return nil }
        self.steps = steps
    }

    /// The path one key further down.
    public func appending(_ key: String) -> NodePath { NodePath(steps + [.key(key)]) }

    /// The path one index further down.
    public func appending(_ index: Int) -> NodePath { NodePath(steps + [.index(index)]) }
}

extension NodePath: ExpressibleByStringLiteral {
    /// Makes the path of one key at the top.
    public init(stringLiteral key: String) {
        self.init([.key(key)])
    }
}

extension NodePath: CustomStringConvertible {
    /// Keys joined by dots, indices in brackets; a key with a dot, bracket or space in it is quoted in brackets.
    public var description: String {
        var text = ""
        for step in steps {
            switch step {
            case .index(let index): text += "[\(index)]"
            case .key(let key) where Self.isPlain(key): text += text.isEmpty ? key : "." + key
            case .key(let key): text += "[\(quoted(key))]"
            }
        }
        return text
    }

    private static func isPlain(_ key: String) -> Bool {
        !key.isEmpty && key.unicodeScalars.allSatisfy { !".[]\" \\".unicodeScalars.contains($0) && !isControl($0) }
    }
}

/// Takes the text of a path apart.
private struct NodePathReader {
    var rest: Substring.UnicodeScalarView

    mutating func steps() -> [NodePath.Step]? {
        var steps: [NodePath.Step] = []
        while let next = rest.first {
            if next == "[" {
                rest.removeFirst()
                guard let step = bracketed() else { return nil }
                steps.append(step)
            } else {
                if next == "." {
                    guard !steps.isEmpty else { return nil }
                    rest.removeFirst()
                }
                let key = rest.prefix { $0 != "." && $0 != "[" }
                guard !key.isEmpty else { return nil }
                rest = rest.dropFirst(key.count)
                steps.append(.key(String(key)))
            }
        }
        return steps
    }

    private mutating func bracketed() -> NodePath.Step? {
        if rest.first == "\"" {
            rest.removeFirst()
            guard let end = rest.firstIndex(of: "\"") else { return nil }
            let key = String(rest[..<end])
            rest = rest[rest.index(after: end)...]
            guard rest.popFirst() == "]" else { return nil }
            return .key(key)
        }
        guard let end = rest.firstIndex(of: "]"), let index = Int(String(rest[..<end])), index >= 0 else { return nil }
        rest = rest[rest.index(after: end)...]
        return .index(index)
    }
}
