import Messages

/// Prints events, each in a line.
struct TailPrinter: Sendable {
    let console: Console
    let isJSON: Bool

    /// Prints an event.
    func print(_ event: EventReader.Event) {
        guard let data = try? JSON(parsing: event.data) else { return }
        if isJSON { return console.print(json(event.name, data)) }
        guard event.name != "missed" else { return note(Self.missed(data)) }
        let time = String(data.text("time").dropFirst(11).prefix(12))
        let id = String(data.text("message").prefix(13))
        let name = event.name.padded(toColumns: 9)
        let head = "\(time) \(Table.printable(id)) \(console.styled(Table.printable(name), Self.style(event.name))) "
        let used = time.columns + id.columns + name.columns + 3
        console.print(head + Table.printable(Self.text(event.name, data)).cut(toColumns: max(20, console.width - used)))
    }

    /// Says something beside the events: in a line of standard error, so that the events stay clean.
    func note(_ text: String) {
        console.note("-- \(Table.printable(text))")
    }

    private func json(_ name: String, _ data: JSON) -> String {
        guard case .object(let fields) = data else { return data.description }
        var object: JSONObject = ["event": .string(name)]
        for member in fields.members { object[member.name] = member.value }
        return String(decoding: JSON.object(object).encoded(), as: UTF8.self)
    }

    private static func text(_ name: String, _ data: JSON) -> String {
        let subject = data["subject"]?.string ?? data.text("topic")
        guard let recipient = data["recipient"]?.string else {
            let recipients = data["recipients"]?.array?.compactMap(\.string) ?? []
            let to =
                recipients.count == 1 ? recipients[0] : recipients.isEmpty ? "nobody" : "\(recipients.count) places"
            return "\(data.text("from")) → \(to)  \(subject)"
        }
        var details: [String] = []
        if let by = data["by"]?.string { details.append("by \(by)") }
        if let reason = data["reason"]?.string, !reason.isEmpty { details.append(reason) }
        if let due = data["due"]?.string { details.append("again at \(due.dropFirst(11).prefix(8))") }
        let attempt = data["attempt"]?.integer ?? 0
        if attempt > 1 { details.append("attempt \(attempt)") }
        return "→ \(recipient)  \(([subject] + details).joined(separator: " — "))"
    }

    private static func missed(_ data: JSON) -> String {
        let count = data["events"]?.integer.map { "\($0) events" } ?? "what happened in between"
        return "missed \(count): \(data.text("reason"))"
    }

    private static func style(_ name: String) -> Console.Style {
        switch name {
        case "delivered": .green
        case "dead", "dropped", "drop": .red
        case "deferred", "unknown", "held", "hold": .yellow
        default: .cyan
        }
    }
}
