import Messages
public import Spooling

/// Which events a watcher wants to hear of, in the words of a ``DispatchFilter``.
///
/// An event fits when the dispatch that it tells of, as it is after the event, fits; the acceptance of a message fits when
/// one of its dispatches does.
public struct EventFilter: Sendable {
    private let filter: DispatchFilter

    /// Takes a filter for dispatches.
    ///
    /// - Throws: ``SpoolError/badFilter(text:offset:reason:)`` when it asks for what no event tells.
    public init(_ filter: DispatchFilter) throws(SpoolError) {
        let asked: [(String, Bool)] = [
            ("route", filter.route != nil),
            ("age and accepted", filter.acceptedBefore != nil || filter.acceptedAfter != nil),
        ]
        if let (name, _) = asked.first(where: \.1) {
            throw .badFilter(
                text: filter.description, offset: 0,
                reason:
                    "events do not tell \(name); they tell state, number, message, to, from, topic, error, subject, "
                    + "attempts")
        }
        self.filter = filter
    }

    /// Tells whether the watcher wants to hear of it.
    public func fits(_ event: ExchangeEvent) -> Bool {
        filter.isEmpty || event.dispatches.contains(where: filter.fits)
    }
}

extension ExchangeEvent {
    /// The dispatches it tells of, as a listing would show them; for a message that goes to nobody, one to its sender.
    fileprivate var dispatches: [DispatchSummary] {
        if let target = fact.target { return [summary(target.recipient, target)].compactMap(\.self) }
        guard case .accepted(let recipients) = fact, !recipients.isEmpty else {
            return [subject.from.flatMap { summary($0, nil) }].compactMap(\.self)
        }
        return recipients.compactMap { summary($0, nil) }
    }

    /// What is not known of a message fits no pattern for it.
    private func summary(_ recipient: Address, _ target: Target?) -> DispatchSummary? {
        guard let topic = subject.topic ?? Self.unknown?.topic, let from = subject.from ?? Self.unknown?.from else {
            return nil
        }
        return DispatchSummary(
            number: target?.dispatch ?? 0, message: subject.message, topic: topic, from: from,
            recipient: recipient, subject: subject.subject, state: fact.state, reason: fact.reason,
            attempts: target?.attempt ?? 0, accepted: time, due: time, settled: nil, route: RouteOrigin(name: ""))
    }
}

extension ExchangeEvent {
    /// What stands for a sender and a topic that are not at hand.
    private static let unknown: (topic: Topic, from: Address)? = {
        guard let topic = try? Topic(source: "local", class: "unknown"),
            let from = try? Address(platform: "local", user: "unknown")
        else { return nil }
        return (topic, from)
    }()
}

extension ExchangeEvent.Fact {
    /// The state of the dispatch afterwards.
    fileprivate var state: DispatchState {
        switch self {
        case .accepted, .deferred, .unknown: .waiting
        case .delivered: .delivered
        case .dead: .dead
        case .held: .held
        case .dropped: .dropped
        case .operated(_, let action, _):
            switch action {
            case "hold": .held
            case "drop": .dropped
            default: .waiting
            }
        }
    }
}
