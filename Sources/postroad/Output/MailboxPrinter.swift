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
        line("breaker", breaker(outgoing))
        let lanes = outgoing["open_lanes"]?.array ?? []
        for lane in lanes { line("lane", "\(lane.text("recipient")): \(breaker(lane))") }
        let others = Int(outgoing["open_lane_count"]?.integer ?? 0) - lanes.count
        if others > 0 { line("lane", "and \(others) others whose breakers are not closed") }
    }

    /// A breaker in a line, as in `open since …: why; next probe …`.
    private func breaker(_ row: JSON) -> String {
        let word = row.text("breaker")
        guard word != "closed" else { return word }
        let probe = row["next_probe"]?.string.map { "; next probe \($0)" } ?? "; a probe is under way"
        return "\(word) since \(row.text("breaker_since")): \(row.text("breaker_reason"))\(probe)"
    }

    private func sending(_ row: JSON) -> String {
        let outgoing = row["outgoing"] ?? .null
        if row["sends"]?.bool != true { return "-" }
        if outgoing["paused"]?.bool == true { return "paused" }
        return outgoing.text("breaker") == "closed" ? "yes" : "broken"
    }

    private func line(_ name: String, _ value: String) {
        console.print(name, value, indent: 2)
    }
}
