import Configuration
public import Messages

/// Tells in words what is different between two envelopes, for traces.
public enum EnvelopeChanges {
    /// A line for each field that is different, as in `subject: "a" → "b"` and `text: 812 → 280 characters`.
    ///
    /// Texts are told by their length and by the place that is different, cut short: a trace is no place for a second copy
    /// of the message. Of the fields in `concealed` the new value is `***`.
    public static func lines(
        from old: Envelope, to new: Envelope, concealing concealed: Set<String> = []
    ) -> [String] {
        guard old != new else { return [] }
        let lines = changes(from: old, to: new)
        guard !concealed.isEmpty else { return lines }
        return lines.map { line in
            let field = line.prefix { $0 != ":" }
            return concealed.contains { $0.lowercased() == field.lowercased() } ? "\(field): \(Secret.mask)" : line
        }
    }

    private static func changes(from old: Envelope, to new: Envelope) -> [String] {
        var lines: [String] = []
        add("subject", old.subject.map(ShownText.quoted), new.subject.map(ShownText.quoted), to: &lines)
        lines += text(old, new)
        add("priority", old.priority.rawValue, new.priority.rawValue, to: &lines)
        add("thread", old.thread.map(ShownText.quoted), new.thread.map(ShownText.quoted), to: &lines)
        add("reply_to", old.replyTo?.description, new.replyTo?.description, to: &lines)
        add(
            "sender.name", old.sender?.name.map(ShownText.quoted), new.sender?.name.map(ShownText.quoted), to: &lines)
        add("not_before", old.notBefore?.description, new.notBefore?.description, to: &lines)
        add("expires", old.expires?.description, new.expires?.description, to: &lines)
        for name in Set(old.headers.keys).union(new.headers.keys).sorted() {
            add(
                "headers.\(name)", old.headers[name].map(ShownText.quoted), new.headers[name].map(ShownText.quoted),
                to: &lines)
        }
        meta(old.meta, new.meta, "meta", &lines)
        add("kind", old.kind.rawValue, new.kind.rawValue, to: &lines)
        add("topic", old.topic.description, new.topic.description, to: &lines)
        add("from", old.from.description, new.from.description, to: &lines)
        return lines.isEmpty ? ["changed"] : lines
    }

    private static func add(_ name: String, _ old: String?, _ new: String?, to lines: inout [String]) {
        if old != new { lines.append("\(name): \(old ?? "nothing") → \(new ?? "nothing")") }
    }

    private static func text(_ old: Envelope, _ new: Envelope) -> [String] {
        guard old.parts != new.parts else { return [] }
        var lines: [String] = []
        let (before, after) = (old.text, new.text)
        if before != after {
            let (from, to) = (ShownText.count(before), ShownText.count(after))
            let lengths = from == to ? "text: other \(to) characters" : "text: \(from) → \(to) characters"
            lines.append(lengths + (InlineDifference.text(from: before, to: after).map { ", \($0)" } ?? ""))
        }
        if old.textFormat != new.textFormat { lines.append("format: \(old.textFormat) → \(new.textFormat)") }
        if old.parts.count != new.parts.count { lines.append("parts: \(old.parts.count) → \(new.parts.count)") }
        return lines.isEmpty ? ["parts: changed"] : lines
    }

    private static func meta(_ old: JSONObject, _ new: JSONObject, _ path: String, _ lines: inout [String]) {
        guard old != new else { return }
        var names: [String] = []
        for member in old.members + new.members where !names.contains(member.name) { names.append(member.name) }
        for name in names where old[name] != new[name] {
            if let before = old[name]?.object, let after = new[name]?.object {
                meta(before, after, "\(path).\(name)", &lines)
            } else {
                add("\(path).\(name)", old[name].map(shown), new[name].map(shown), to: &lines)
            }
        }
    }

    private static func shown(_ value: JSON) -> String {
        switch value {
        case .string(let text): ShownText.quoted(text)
        case .bool, .integer, .number, .null: value.description
        case .array: "a list"
        case .object: "an object"
        }
    }
}
