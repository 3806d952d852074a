import AdapterKit
import Engine
import Messages

/// Whether a router can do its work, and what keeps it from that.
///
/// It is not ready while it takes no messages, and while a mailbox starts or fails. What slows a mailbox down (a pause, an
/// open breaker, a part of it that fails) is told and changes nothing: messages for it wait in the spool.
struct Readiness {
    /// Whether a mailbox can do its work.
    struct Mailbox {
        let name: String
        let isReady: Bool
        let reasons: [String]

        init(_ status: MailboxStatus) {
            name = status.name
            var reasons: [String] = []
            var isReady = true
            switch status.health {
            case .working: break
            case .starting:
                isReady = false
                reasons.append("it starts")
            case .degraded(let reason): reasons.append(reason)
            case .failing(let reason):
                isReady = false
                reasons.append(reason)
            }
            if let outgoing = status.outgoing {
                if outgoing.isPaused { reasons.append("paused by an operator") }
                if let reason = outgoing.breaker.reason { reasons.append("breaker open: \(reason)") }
                if outgoing.openLaneCount > 0 {
                    reasons.append("breakers of \(outgoing.openLaneCount) recipients open")
                }
            }
            self.isReady = isReady
            self.reasons = reasons
        }
    }

    private let refusal: String?
    private let mailboxes: [Mailbox]
    /// Names that were asked for and that no mailbox has.
    private let unknown: [String]

    init(refusal: String?, _ statuses: [MailboxStatus], only names: [String]?) {
        self.refusal = refusal
        mailboxes = statuses.filter { names?.contains($0.name) ?? true }.map(Mailbox.init)
        unknown = (names ?? []).filter { name in !statuses.contains { $0.name == name } }
    }

    /// Whether nothing keeps it from its work.
    var isReady: Bool { refusal == nil && unknown.isEmpty && mailboxes.allSatisfy(\.isReady) }

    /// The verdict with its reasons.
    var json: JSON {
        let own = [refusal].compactMap(\.self) + unknown.map { "no mailbox named \"\($0)\"" }
        return [
            "ready": .bool(isReady), "reasons": .array(own.map(JSON.string)),
            "mailboxes": .array(
                mailboxes.map { mailbox in
                    [
                        "name": .string(mailbox.name), "ready": .bool(mailbox.isReady),
                        "reasons": .array(mailbox.reasons.map(JSON.string)),
                    ]
                }),
        ]
    }
}
