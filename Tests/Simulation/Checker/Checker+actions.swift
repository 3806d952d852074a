import AdapterKit
import Messages
import Spooling

/// What operators do, and what must not come of it.
extension Checker {
    /// What was sent elsewhere goes there, every action is on record, and nothing changes its route by itself.
    mutating func checkActions() {
        checkRoutes()
        guard ledger.sweeps.isEmpty else { return }
        let successors = Set(view.summaries.compactMap(\.reroutedFrom))
        for change in ledger.changes where change.kind == .reroute && change.hasChanged {
            if !successors.contains(change.number) {
                found("I2", "dispatch \(change.number) was sent elsewhere, and nothing goes there")
            }
        }
        let recorded = view.audit.count { $0.actor == "operator" && $0.changed > 0 }
        if recorded < ledger.effectiveActions {
            found("audit", "\(ledger.effectiveActions) actions changed something, \(recorded) are on record")
        }
    }

    /// What is spooled keeps its route and its recipient, whatever becomes of routes.yaml.
    private mutating func checkRoutes() {
        let summaries = Dictionary(view.summaries.map { ($0.number, $0) }) { first, _ in first }
        for recipient in ledger.letters.flatMap({ $0.acceptances.flatMap(\.recipients) }) {
            guard let summary = summaries[recipient.dispatch] else { continue }
            if summary.route.name != recipient.route || summary.recipient != recipient.address {
                found("I2", "dispatch \(summary.number) goes to \(summary.recipient) by \(summary.route.name) now")
            }
        }
    }
}
