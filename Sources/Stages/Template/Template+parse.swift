public import Configuration

extension Template {
    /// Parses the template of a setting, and reports what is wrong with it where it is wrong.
    ///
    /// - Parameters:
    ///   - text: the template.
    ///   - node: the node it was read from, for the places inside it.
    ///   - keyPath: the way to it.
    ///   - diagnostics: where faults go.
    /// - Returns: `nil` when something is wrong.
    public static func parse(
        _ text: String, node: YAMLNode, at keyPath: NodePath, diagnostics: inout Diagnostics
    ) -> Template? {
        var reader = TemplateReader(text)
        let template = reader.template()
        for fault in reader.faults {
            let place = TextPlace(offset: fault.offset, in: text, of: node)
            diagnostics.error(
                fault.message + place.remark, at: place.position, keyPath: keyPath, suggestion: fault.suggestion)
        }
        return reader.faults.isEmpty ? template : nil
    }
}

/// A place inside a text of the configuration.
///
/// On one line without escapes the column in the file is known; otherwise the place is that of the text, with a remark.
private struct TextPlace {
    let position: SourcePosition
    let remark: String

    init(offset: Int, in text: String, of node: YAMLNode) {
        let before = text.unicodeScalars.prefix(offset)
        let isOneLine = !text.unicodeScalars.contains { $0 == "\n" || $0 == "\\" || $0 == "\"" || $0 == "'" }
        if let scalar = node.scalar, scalar.source == nil, isOneLine || scalar.style == .plain && !text.contains("\n") {
            var position = node.position
            if position.line > 0 { position.column += offset + (scalar.style == .quoted ? 1 : 0) }
            (self.position, remark) = (position, "")
        } else {
            let line = before.count { $0 == "\n" } + 1
            let column = before.reversed().prefix { $0 != "\n" }.count + 1
            position = node.position
            remark =
                line == 1
                ? ", at character \(column) of the text" : ", at line \(line), character \(column) of the text"
        }
    }
}
