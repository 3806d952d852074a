import AdapterKit
import Configuration
import Gateway
import Messages
import Synchronization

@testable import Engine

/// An adapter that answers each attempt with the next receipt of a script, `delivered` when there is none left.
final class HookAdapter: Resettable {
    static let manifest = AdapterManifest.embedded(Array("{name: hook, summary: For tests.}".utf8))

    private let receipts: Mutex<[Receipt]>
    private let resetCount = Mutex(0)

    init(_ receipts: [Receipt] = []) {
        self.receipts = Mutex(receipts)
    }

    init(settings: SettingsObject, context: AdapterContext) throws {
        receipts = Mutex([])
    }

    /// How often it was reset.
    var resets: Int { resetCount.withLock { $0 } }

    func deliver(_ dispatch: Dispatch) async throws -> Receipt {
        receipts.withLock { $0.isEmpty ? .delivered : $0.removeFirst() }
    }

    func reset() async throws {
        resetCount.withLock { $0 += 1 }
    }
}

/// A router with two mailboxes, as its assembly would report it.
struct StandingStatus: StatusReporting {
    func status() async -> JSONObject {
        ["name": "test.example", "version": "0"]
    }

    func mailboxes() async -> [MailboxStatus] {
        var both = Abilities()
        both.receive = true
        both.send = true
        let outgoing = OutgoingStatus(
            isPaused: false, active: 1, lanes: 2,
            breaker: BreakerStatus(
                word: .open, reason: "5 failures", since: Timestamp(seconds: 0), nextProbe: Timestamp(seconds: 30)),
            openLaneCount: 0, openLanes: [])
        return [
            MailboxStatus(
                name: "hook", adapter: "webhook", abilities: both, health: .degraded(reason: "crm is gone"),
                since: "2026-01-01T00:00:00.000Z", outgoing: outgoing),
            MailboxStatus(
                name: "api", adapter: "http", abilities: Abilities(), health: .working(detail: nil),
                since: "2026-01-01T00:00:00.000Z", outgoing: nil),
        ]
    }
}
