import Messages

/// Dispatches as lines of a table.
enum DispatchTable {
    static func print(_ rows: [JSON], _ console: Console) {
        guard !rows.isEmpty else { return console.note("no dispatches") }
        var table = Table("NUMBER", "STATE", "TRIES", "ACCEPTED", "TO", "WHAT")
        for row in rows {
            let what = [row["subject"]?.string, row["reason"]?.string].compactMap { $0 }.joined(separator: " — ")
            table.append(
                row.text("number"), row.text("state"), row.text("attempts"), shortTime(row.text("accepted")),
                row.text("to").cut(toColumns: 32), what.isEmpty ? row.text("topic") : what)
        }
        console.print(table)
    }

    /// `2026-11-20T10:15:30.123Z` as `11-20 10:15:30`.
    static func shortTime(_ text: String) -> String {
        String(text.dropFirst(5).prefix(14)).replacing("T", with: " ")
    }
}

extension JSON {
    /// The member as text, whatever it is; empty when there is none.
    func text(_ name: String) -> String {
        switch self[name] {
        case nil, .null?: ""
        case .string(let text)?: text
        case let value?: value.description
        }
    }
}
