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
        console.print(head + text(data, width: max(20, console.width - used)))
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

    /// Where to, which message, and why, in so many columns; the subject makes room for why.
    private func text(_ data: JSON, width: Int) -> String {
        let subject = Table.printable(data["subject"]?.string ?? data.text("topic"))
        guard let recipient = data["recipient"]?.string else {
            let from = Table.printable("\(data.text("from")) → \(Self.recipients(data))")
            return "\(from)  \(subject)".cut(toColumns: width)
        }
        let to = Table.printable("→ \(recipient)")
        let details = Self.details(data).map { " — \(Table.printable($0))" }.joined()
        let room = width - to.columns - 2 - details.columns
        let what = room < Self.shortestSubject ? "" : "  \(subject.cut(toColumns: room))"
        return "\(to)\(what)\(details)".cut(toColumns: width)
    }

    /// A subject of fewer columns tells nobody anything.
    private static let shortestSubject = 8

    private static func recipients(_ data: JSON) -> String {
        let recipients = data["recipients"]?.array?.compactMap(\.string) ?? []
        return recipients.count == 1 ? recipients[0] : recipients.isEmpty ? "nobody" : "\(recipients.count) places"
    }

    private static func details(_ data: JSON) -> [String] {
        var details: [String] = []
        if let by = data["by"]?.string { details.append("by \(by)") }
        if let reason = data["reason"]?.string, !reason.isEmpty { details.append(reason) }
        if let due = data["due"]?.string { details.append("again at \(due.dropFirst(11).prefix(8))") }
        let attempt = data["attempt"]?.integer ?? 0
        if attempt > 1 { details.append("attempt \(attempt)") }
        return details
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
