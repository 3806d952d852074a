import AdapterKit
import Messages
import Spooling

/// What the exchange counts and measures, by mailbox and outcome only.
///
/// Counting costs a few atomic additions for a message; nothing is computed before somebody reads.
public final class ExchangeMetrics: Sendable {
    /// Messages that were taken, by the mailbox they came in by.
    public let accepted = MetricFamily { Counter() }
    /// Repetitions of messages that had been taken already.
    public let duplicates = MetricFamily { Counter() }
    /// Messages that were not taken: `refused`, `busy`, `full`, `unavailable`.
    public let refused = MetricFamily { Counter() }
    /// Attempts that have ended: `delivered`, `deferred`, `unknown`, `rejected`.
    public let attempts = MetricFamily { Counter() }
    /// Dispatches that were given up, rejected or expired.
    public let dead = MetricFamily { Counter() }
    /// From the arrival of a message until it may be acknowledged.
    public let accept = Histogram(bounds: Histogram.latencyBounds)
    /// From handing a message to the spool until it is on stable storage.
    public let commit = Histogram(bounds: Histogram.latencyBounds)
    /// From when a dispatch was accepted, or due again, until its attempt.
    public let queueWait = Histogram(bounds: Histogram.waitBounds)
    /// How long attempts took.
    public let attempt = MetricFamily { Histogram(bounds: Histogram.latencyBounds) }

    init() {}
}

extension ExchangeMetrics {
    /// A message was not taken.
    func noteRefusal(_ error: AcceptError, mailbox: String, count: Int = 1) {
        let outcome =
            switch error {
            case .refused: "refused"
            case .busy: "busy"
            case .full: "full"
            case .unavailable: "unavailable"
            }
        refused.member(mailbox, outcome).add(count)
    }

    /// A message was taken, or known already.
    func note(_ acceptance: Acceptance, mailbox: String) {
        (acceptance.isDuplicate ? duplicates : accepted).member(mailbox).add()
    }

    /// An attempt has ended.
    func note(_ receipt: Receipt, mailbox: String, took duration: Duration) {
        let outcome =
            switch receipt {
            case .delivered: "delivered"
            case .deferred: "deferred"
            case .unknown: "unknown"
            case .rejected: "rejected"
            }
        attempts.member(mailbox, outcome).add()
        attempt.member(mailbox).observe(duration)
    }

    /// An attempt begins.
    func noteStart(of dispatch: SpooledDispatch, at now: Timestamp) {
        queueWait.observe(now - max(dispatch.due, dispatch.accepted))
    }
}
