/// Writes nodes as YAML text that reads back as the same nodes.
struct YAMLWriter {
    /// What to write for a scalar at a path, and the comment after it.
    typealias Shown = (text: String, comment: String?)

    /// Decides what is shown of each scalar.
    let show: (YAMLScalar, SourcePosition, NodePath) -> Shown

    /// The node as a block, with a line break at its end.
    func block(_ node: YAMLNode, at path: NodePath = NodePath()) -> String {
        lines(node, path).map { $0 + "\n" }.joined()
    }

    private func lines(_ node: YAMLNode, _ path: NodePath) -> [String] {
        switch node.content {
        case .scalar(let scalar): [line(scalar, node.position, path)]
        case .sequence(let items) where items.isEmpty: ["[]"]
        case .sequence(let items):
            items.enumerated().flatMap { index, item in
                let lines = lines(item, path.appending(index))
                return ["- " + (lines.first ?? "")] + lines.dropFirst().map { "  " + $0 }
            }
        case .mapping(let mapping) where mapping.entries.isEmpty: ["{}"]
        case .mapping(let mapping): mapping.entries.flatMap { lines($0, path) }
        }
    }

    private func lines(_ entry: YAMLMapping.Entry, _ path: NodePath) -> [String] {
        let key = Self.text(YAMLScalar(entry.key, style: .quoted)) + ":"
        let lines = lines(entry.value, path.appending(entry.key))
        let isOneLine =
            switch entry.value.content {
            case .scalar: true
            case .sequence(let items): items.isEmpty
            case .mapping(let mapping): mapping.entries.isEmpty
            }
        return isOneLine ? ["\(key) \(lines.first ?? "")"] : [key] + lines.map { "  " + $0 }
    }

    private func line(_ scalar: YAMLScalar, _ position: SourcePosition, _ path: NodePath) -> String {
        let (text, comment) = show(scalar, position, path)
        return comment.map { "\(text)  # \($0)" } ?? text
    }

    /// The node in one line, as a flow: for defaults and examples.
    static func flow(_ node: YAMLNode) -> String {
        switch node.content {
        case .scalar(let scalar): text(scalar)
        case .sequence(let items): "[\(items.map(flow).joined(separator: ", "))]"
        case .mapping(let mapping):
            "{\(mapping.entries.map(flow).joined(separator: ", "))}"
        }
    }

    private static func flow(_ entry: YAMLMapping.Entry) -> String {
        "\(text(YAMLScalar(entry.key, style: .quoted))): \(flow(entry.value))"
    }

    /// A scalar with quotes where it would else be read as something else.
    static func text(_ scalar: YAMLScalar) -> String {
        if scalar.style == .plain, scalar.value != .string(scalar.text) {
            return scalar.text.isEmpty ? "~" : scalar.text
        }
        return isSafe(scalar.text) ? scalar.text : "\"\(scalar.text.unicodeScalars.map(escaped).joined())\""
    }

    /// Whether a text needs no quotes: harmless characters only, and no number, boolean or null.
    private static func isSafe(_ text: String) -> Bool {
        guard YAMLScalar(text).value == .string(text), !text.hasSuffix(":"), !text.hasSuffix(" "), !text.contains(": ")
        else { return false }
        let isWord = { (scalar: Unicode.Scalar) in scalar.properties.isAlphabetic || ("0"..."9").contains(scalar) }
        guard let first = text.unicodeScalars.first, isWord(first) || "_/.$".unicodeScalars.contains(first) else {
            return false
        }
        return text.unicodeScalars.allSatisfy { isWord($0) || "_-./:+@=$ ".unicodeScalars.contains($0) }
    }

    private static func escaped(_ scalar: Unicode.Scalar) -> String {
        switch scalar {
        case "\"": "\\\""
        case "\\": "\\\\"
        case "\n": "\\n"
        case "\t": "\\t"
        case _ where isControl(scalar) || scalar == "\u{FEFF}": Self.escape(scalar.value)
        default: String(scalar)
        }
    }

    private static func escape(_ value: UInt32) -> String {
        let digits = String(value, radix: 16)
        let (letter, width) = value < 0x100 ? ("x", 2) : value < 0x1_0000 ? ("u", 4) : ("U", 8)
        return "\\\(letter)" + String(repeating: "0", count: width - digits.count) + digits
    }
}
