import Configuration
import Messages

/// The message of a case: any field of an envelope, with `text` and `format` in place of `parts`.
struct GivenMessage {
    let node: YAMLNode
    let keyPath: NodePath

    private static let keys = Envelope.fieldNames + ["text", "format"]
    /// The fields that hold more than texts; in all others `subject: 2026` needs no quotes.
    private static let typedFields: Set<String> = ["depth", "sender", "meta", "parts"]

    /// The message, with what it lacks filled in.
    ///
    /// Faults are reported.
    func envelope(diagnostics: inout Diagnostics) -> Envelope? {
        guard let mapping = node.mapping else {
            diagnostics.error(
                "expected a mapping such as {topic: \"news:lobsters\", text: Hello}, got \(node.shortDescription)",
                at: node.position, keyPath: keyPath)
            return nil
        }
        let unknown = mapping.entries.filter { !Self.keys.contains($0.key) }
        for entry in unknown {
            diagnostics.error(
                "no field named \(shown(entry.key)) is known in a message", at: entry.keyPosition,
                keyPath: keyPath.appending(entry.key), suggestion: nearest(to: entry.key, among: Self.keys))
        }
        if let parts = mapping.entry("parts"), mapping["text"] != nil {
            diagnostics.error("give either text or parts", at: parts.keyPosition, keyPath: keyPath.appending("parts"))
            return nil
        }
        if mapping["topic"] == nil {
            guard unknown.isEmpty else { return nil }
            diagnostics.error(
                "the key \"topic\" is missing; it takes a topic such as news:lobsters", at: node.position,
                keyPath: keyPath)
            return nil
        }
        do {
            let envelope = try Envelope(.object(json(mapping)))
            return unknown.isEmpty ? envelope : nil
        } catch {
            report(error, &diagnostics)
            return nil
        }
    }

    private func json(_ mapping: YAMLMapping) -> JSONObject {
        let source = mapping["topic"]?.scalar?.text.prefix { $0 != ":" } ?? ""
        var object: JSONObject = [
            "id": "00000000-0000-7000-8000-000000000000", "time": "2026-01-01T00:00:00Z",
            "from": .string("\(source):someone"),
        ]
        for entry in mapping.entries where entry.key != "text" && entry.key != "format" && !entry.value.isNull {
            object[entry.key] = Self.json(entry.value, isTyped: Self.typedFields.contains(entry.key))
        }
        if let text = mapping["text"] {
            var part: JSONObject = ["type": "text"]
            part["text"] = Self.json(text, isTyped: false)
            part["format"] = mapping["format"].map { Self.json($0, isTyped: false) }
            object["parts"] = [.object(part)]
        }
        if case .string(let address)? = object["to"] { object["to"] = [.string(address)] }
        return object
    }

    private static func json(_ node: YAMLNode, isTyped: Bool) -> JSON {
        switch node.content {
        case .sequence(let items): return .array(items.map { json($0, isTyped: isTyped) })
        case .mapping(let mapping):
            var object = JSONObject()
            for entry in mapping.entries { object[entry.key] = json(entry.value, isTyped: isTyped) }
            return .object(object)
        case .scalar(let scalar):
            switch scalar.value {
            case .null: return .null
            case .boolean(let value) where isTyped: return .bool(value)
            case .integer(let value) where isTyped: return .integer(Int64(value))
            case .number(let value) where isTyped: return .number(value)
            case .boolean, .integer, .number, .string: return .string(scalar.text)
            }
        }
    }

    /// A fault names its field, as in `parts[2].type`; the place is that of the nearest thing that is in the file.
    private func report(_ error: MessageError, _ diagnostics: inout Diagnostics) {
        guard case .badField(let field, let reason) = error, var way = NodePath(parsing: field) else {
            diagnostics.error(error.description, at: node.position, keyPath: keyPath)
            return
        }
        let path = NodePath(keyPath.steps + way.steps)
        while node[way] == nil, !way.steps.isEmpty { way.steps.removeLast() }
        diagnostics.error(reason, at: (node[way] ?? node).position, keyPath: path)
    }
}
