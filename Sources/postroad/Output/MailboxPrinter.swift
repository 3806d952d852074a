import Messages

/// Mailboxes for a person.
struct MailboxPrinter {
    let console: Console

    func print(list rows: [JSON]) {
        var table = Table("MAILBOX", "ADAPTER", "HEALTH", "SENDING", "ACTIVE", "DETAIL")
        for row in rows {
            let outgoing = row["outgoing"] ?? .null
            let detail = [outgoing.text("breaker_reason"), row.text("detail")].first { !$0.isEmpty } ?? ""
            table.append(
                row.text("name"), row.text("adapter"), row.text("health"), sending(row), outgoing.text("active"), detail
            )
        }
        console.print(table)
    }

    func print(_ row: JSON) {
        let outgoing = row["outgoing"] ?? .null
        console.print(console.styled(row.text("name"), .bold))
        line("adapter", row.text("adapter"))
        line("health", "\(row.text("health")) since \(row.text("since"))")
        if !row.text("detail").isEmpty { line("detail", row.text("detail")) }
        line("receives", row["receives"]?.bool == true ? "yes" : "no")
        line("sends", sending(row))
        guard outgoing != .null else { return }
        line("active", "\(outgoing.text("active")) attempts, \(outgoing.text("lanes")) lanes with something to do")
        if outgoing.text("breaker") == "open" {
            line("breaker", "open: \(outgoing.text("breaker_reason")); next probe \(outgoing.text("next_probe"))")
        }
        for lane in outgoing["open_lanes"]?.array ?? [] {
            line("lane", "\(lane.text("recipient")): \(lane.text("reason")); next probe \(lane.text("next_probe"))")
        }
    }

    private func sending(_ row: JSON) -> String {
        let outgoing = row["outgoing"] ?? .null
        if row["sends"]?.bool != true { return "-" }
        if outgoing["paused"]?.bool == true { return "paused" }
        return outgoing.text("breaker") == "open" ? "broken" : "yes"
    }

    private func line(_ name: String, _ value: String) {
        console.print(name, value, indent: 2)
    }
}
