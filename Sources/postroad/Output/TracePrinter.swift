import Messages

/// A message's trace for a person, as wide as the terminal.
struct TracePrinter {
    let console: Console

    func print(_ trace: JSON) {
        let message = trace["message"] ?? .null
        console.print("\(console.styled("message", .bold)) \(Table.printable(message.text("id")))")
        line("topic", message.text("topic"))
        line("from", message.text("from"))
        if let subject = message["subject"]?.string { line("subject", subject) }
        line("accepted", trace.text("accepted"))
        for hop in message["received"]?.array ?? [] {
            line("received", "by \(hop.text("router")), mailbox \(hop.text("by"))")
        }
        let dispatches = trace["dispatches"]?.array ?? []
        if dispatches.isEmpty { console.print("  goes to nobody") }
        for dispatch in dispatches { print(dispatch: dispatch) }
        let children = trace["children"]?.array?.compactMap(\.string) ?? []
        if !children.isEmpty { console.print() }
        for child in children { line("led to", child) }
    }

    private func print(dispatch: JSON) {
        let state = Table.printable(dispatch.text("state"))
        console.print()
        let recipient = Table.printable(dispatch.text("to"))
        console.print("\(console.styled("→ \(recipient)", .bold))  \(console.styled(state, Self.style(state)))")
        let place = dispatch["route_location"]?.string.map { " (\($0))" } ?? ""
        line("route", "\(dispatch.text("route"))\(place)")
        line("dispatch", dispatch.text("number"))
        if let reason = dispatch["reason"]?.string, !reason.isEmpty { line("reason", reason) }
        for step in dispatch["steps"]?.array ?? [] {
            let changes = step["changes"]?.array?.compactMap(\.string) ?? []
            line("stage", "\(step.text("stage")): \(changes.isEmpty ? "no change" : changes.joined(separator: "; "))")
        }
        for attempt in dispatch["attempts_made"]?.array ?? [] {
            let detail = attempt["detail"]?.string.map { ": \($0)" } ?? ""
            line("attempt \(attempt.text("attempt"))", "\(attempt.text("started")) \(attempt.text("outcome"))\(detail)")
        }
        let ids = dispatch["remote_ids"]?.array?.compactMap(\.string) ?? []
        if !ids.isEmpty { line("remote id", ids.joined(separator: ", ")) }
        if let due = dispatch["due"]?.string, state == "waiting" { line("next try", due) }
    }

    private func line(_ name: String, _ value: String) {
        console.print(name, value, indent: 2)
    }

    private static func style(_ state: String) -> Console.Style {
        switch state {
        case "delivered": .green
        case "dead", "dropped": .red
        case "held": .yellow
        default: .cyan
        }
    }
}
