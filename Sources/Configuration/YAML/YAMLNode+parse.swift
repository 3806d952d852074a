extension YAMLNode {
    /// Reads one YAML document.
    ///
    /// Pure, and safe with any bytes: size, depth and the growth by aliases are bounded by the limits. Text after YAML
    /// 1.2's core schema, so `no` is a text. A syntax fault ends the reading; all other faults are collected.
    ///
    /// - Returns: the document, an empty one being a null; `nil` if it cannot be read. What was found is in
    ///   `diagnostics`, and may hold errors although there is a node.
    public static func parse(
        _ bytes: some Collection<UInt8>, file: String, limits: YAMLLimits = YAMLLimits(), diagnostics: inout Diagnostics
    ) -> YAMLNode? {
        let top = SourcePosition(file: file, line: 1, column: 1)
        guard bytes.count <= limits.bytes else {
            diagnostics.error(YAMLFault.tooLarge(bytes: bytes.count, limit: limits.bytes).message, at: top)
            return nil
        }
        let hasByteOrderMark = bytes.starts(with: [0xEF, 0xBB, 0xBF])
        let source = YAMLSource(Array(hasByteOrderMark ? bytes.dropFirst(3) : bytes[...]))
        var composer = YAMLComposer(source: source, file: file, limits: limits)
        let node = composer.document()
        diagnostics.append(contentsOf: composer.diagnostics.all)
        return node
    }

    /// Reads one YAML document from a text; as ``parse(_:file:limits:diagnostics:)`` for bytes.
    public static func parse(
        _ text: String, file: String, limits: YAMLLimits = YAMLLimits(), diagnostics: inout Diagnostics
    ) -> YAMLNode? {
        parse(Array(text.utf8), file: file, limits: limits, diagnostics: &diagnostics)
    }
}
