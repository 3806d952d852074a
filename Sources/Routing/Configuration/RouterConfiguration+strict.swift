import Conditions
public import Configuration
public import Messages
import Stages

extension RouterConfiguration {
    /// What is doubtful about the table beyond what every check warns of: recipients of routes that get the message by an
    /// earlier route in every case.
    public var strictFindings: [Diagnostic] {
        table.routes.indices.flatMap { index in
            table.routes[index].targets.compactMap { finding(on: $0, of: index) }
        }
    }

    private func finding(on target: RouteTarget, of index: Int) -> Diagnostic? {
        guard case .address = target else { return nil }
        let route = table.routes[index]
        let earlier = route.patterns.map { routeBefore(index, leadingTo: target, coveringAll: $0) }
        guard let first = earlier.first ?? nil, !earlier.contains(nil) else { return nil }
        let other = table.routes[first]
        return Diagnostic(
            .warning, at: route.position, keyPath: NodePath([.key("routes"), .index(index), .key("to")]),
            "\(target) gets all of these messages by the route \(shown(other.name)) at \(other.location), never by this one"
        )
    }

    /// The first route before `index` that sends all that fits the pattern to the target, whatever is in it.
    private func routeBefore(_ index: Int, leadingTo target: RouteTarget, coveringAll pattern: TopicPattern) -> Int? {
        guard let sample = pattern.sample else { return nil }
        return table.candidates(for: sample).first { earlier in
            let route = table.routes[earlier]
            return earlier < index && route.condition == .always && route.exclusions.isEmpty
                && route.chain.steps.isEmpty
                && route.targets.contains(target) && route.patterns.contains { $0.covers(pattern) }
        }
    }

    /// What is wrong with a subscription under this configuration: nothing comes in by its source, or nothing can be sent
    /// to its address; `nil` when all is well.
    public func finding(on subscription: Subscription) -> Diagnostic? {
        let keyPath = NodePath([.key("subscriptions"), .index(Int(clamping: subscription.id))])
        let sentence = "subscription \(subscription.id) of \(subscription.address) to \(subscription.pattern)"
        func warning(_ reason: String) -> Diagnostic {
            Diagnostic(.warning, at: .builtIn, keyPath: keyPath, "\(sentence): \(reason)")
        }
        if let source = subscription.pattern.source, self[mailbox: source]?.canReceive != true {
            return warning("nothing comes in by a mailbox \(shown(source))")
        }
        let address = subscription.address
        guard address.peers.isEmpty, self[mailbox: address.platform]?.canSend != true else { return nil }
        return warning("nothing goes out by a mailbox \(shown(address.platform))")
    }
}
