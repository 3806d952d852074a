import Synchronization

/// What tells the metrics of a family apart.
public struct MetricLabels: Sendable, Hashable {
    /// The mailbox.
    public let mailbox: String
    /// How it ended, where the family knows several ends.
    public let outcome: String?

    init(mailbox: String, outcome: String? = nil) {
        self.mailbox = mailbox
        self.outcome = outcome
    }
}

/// One metric for each mailbox, or for each mailbox and outcome.
///
/// There are at most ``maximumMembers``, whatever names reloads bring; those beyond share one whose mailbox is `other`.
public final class MetricFamily<Metric: AnyObject & Sendable>: Sendable {
    /// The most metrics of a family.
    public static var maximumMembers: Int { 1_000 }

    private let members = Mutex<[MetricLabels: Metric]>([:])
    private let make: @Sendable () -> Metric

    init(_ make: @escaping @Sendable () -> Metric) {
        self.make = make
    }

    /// The metric of a mailbox, which is created when it is asked for the first time.
    func member(_ mailbox: String, _ outcome: String? = nil) -> Metric {
        members.withLock { members in
            let labels = MetricLabels(mailbox: mailbox, outcome: outcome)
            if let known = members[labels] { return known }
            let isRoom = members.count < Self.maximumMembers
            let key = isRoom ? labels : MetricLabels(mailbox: "other", outcome: outcome)
            if let known = members[key] { return known }
            let metric = make()
            members[key] = metric
            return metric
        }
    }

    /// The metrics in the order of their labels.
    public var all: [(labels: MetricLabels, metric: Metric)] {
        members.withLock { members in
            members.map { ($0.key, $0.value) }.sorted { left, right in
                (left.0.mailbox, left.0.outcome ?? "") < (right.0.mailbox, right.0.outcome ?? "")
            }
        }
    }
}
