import AdapterKit
import Synchronization

/// How the feeds of a mailbox are, as one word for the mailbox.
final class FeedBoard: Sendable {
    private let health: HealthReport
    private let count: Int
    private let faults = Mutex<[String: String?]>([:])

    init(_ health: HealthReport, feeds: [String]) {
        self.health = health
        count = feeds.count
    }

    func working(_ feed: String) { note(feed, nil) }

    func failing(_ feed: String, reason: String) { note(feed, FeedLog.withoutSecrets(reason)) }

    private func note(_ feed: String, _ reason: String?) {
        let faults = faults.withLock { faults in
            faults[feed] = .some(reason)
            return faults
        }
        let failing = faults.compactMap { name, reason in reason.map { (name, $0) } }.sorted { $0.0 < $1.0 }
        guard !failing.isEmpty else {
            health.report(.working(detail: count == 1 ? "1 feed" : "\(count) feeds"))
            return
        }
        let list = failing.map { "\($0): \($1)" }.joined(separator: "; ")
        health.report(failing.count == count ? .failing(reason: list) : .degraded(reason: list))
    }
}
