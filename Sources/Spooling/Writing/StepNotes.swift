import Messages

/// The notes of the stages as JSON: `[{"stage":"brief","changes":["…"]}]`.
enum StepNotes {
    static func encode(_ steps: [StepNote]) -> String {
        var writer = JSONWriter(capacity: 128)
        writer.beginArray()
        for step in steps {
            writer.beginObject()
            writer.name("stage")
            writer.string(step.stage)
            writer.name("changes")
            writer.beginArray()
            for change in step.changes { writer.string(change) }
            writer.endArray()
            writer.endObject()
        }
        writer.endArray()
        return String(decoding: writer.bytes, as: UTF8.self)
    }

    static func decode(_ text: String) throws(MessageError) -> [StepNote] {
        let json = try JSON(parsing: text)
        guard let items = json.array else { throw .badField(path: "steps", reason: "expected an array") }
        return items.map { item in
            StepNote(
                stage: item["stage"]?.string ?? "", changes: item["changes"]?.array?.compactMap(\.string) ?? [])
        }
    }
}
