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
        if let client = trace["client"]?.string { line("came by", client) }
        if let parent = message["parent"]?.string {
            let depth = message["depth"]?.integer.map { ", generation \($0)" } ?? ""
            line("came of", "\(parent)\(depth)")
        }
        for hop in message["received"]?.array ?? [] {
            line("received", "by \(hop.text("router")), mailbox \(hop.text("by"))")
        }
        let dispatches = trace["dispatches"]?.array ?? []
        if dispatches.isEmpty { console.print("  goes to nobody") }
        for dispatch in dispatches { print(dispatch: dispatch, accepted: trace.text("accepted")) }
        let children = trace["children"]?.array ?? []
        if !children.isEmpty { console.print() }
        for child in children { line("led to", "\(child.text("id")) \(child.text("topic"))") }
    }

    private func print(dispatch: JSON, accepted: String) {
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
            line("stage", "\(step.text("stage")): \(changes.first ?? "no change")")
            for change in changes.dropFirst() { line("", change) }
        }
        for change in dispatch["text_diff"]?.array?.compactMap(\.string) ?? [] { print(change: change) }
        for attempt in dispatch["attempts_made"]?.array ?? [] {
            let detail = attempt["detail"]?.string.map { ": \($0)" } ?? ""
            let took = Self.duration(from: attempt.text("started"), to: attempt.text("finished"))
            line(
                "attempt \(attempt.text("attempt"))",
                "\(attempt.text("started")) \(attempt.text("outcome"))\(took)\(detail)")
        }
        let ids = dispatch["remote_ids"]?.array?.compactMap(\.string) ?? []
        if !ids.isEmpty { line("remote id", ids.joined(separator: ", ")) }
        if let due = dispatch["due"]?.string, state == "waiting" { line("next try", due) }
        if let settled = dispatch["settled"]?.string {
            line("settled", "\(settled)\(Self.duration(from: accepted, to: settled))")
        }
    }

    /// A line of a difference is cut, not wrapped, so that its sign stands in the first column.
    private func print(change: String) {
        let text = Table.printable(change).cut(toColumns: max(20, console.width - 13))
        let style: Console.Style = change.hasPrefix("+") ? .green : change.hasPrefix("-") ? .red : .dim
        console.print(String(repeating: " ", count: 13) + console.styled(text, style))
    }

    private func line(_ name: String, _ value: String) {
        console.print(name, value, indent: 2)
    }

    /// ` after 12 ms`; nothing for what has not ended.
    private static func duration(from start: String, to end: String) -> String {
        guard let start = try? Timestamp(parsing: start), let end = try? Timestamp(parsing: end) else { return "" }
        return switch end.milliseconds - start.milliseconds {
        case let time where time < 10_000: " after \(time) ms"
        case let time where time < 600_000: " after \(time / 1_000) s"
        case let time where time < 36_000_000: " after \(time / 60_000) min"
        case let time: " after \(time / 3_600_000) h"
        }
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
