public import Messages
public import Stages

extension RouteTable {
    /// Decides what becomes of a message: its recipients, and what the stages make of it for each.
    ///
    /// An address gets one message once: the envelope's own recipients come first, then the routes in the order of the
    /// file, each with the copies of its `tap` stages after its own recipients. A dispatch that a stage dropped does not
    /// count, so a later route may still lead there. Without a recipient and a route the message goes to ``unrouted``.
    ///
    /// - Parameters:
    ///   - envelope: the message.
    ///   - replyTo: whom the message answers, when it answers one that this router delivered; no route is needed there.
    ///   - context: what the stages know beside the message.
    /// - Returns: the dispatches and why they are.
    public func plan(for envelope: Envelope, replyTo: Address? = nil, context: StageContext) -> RoutePlan {
        var planner = RoutePlanner(envelope: envelope, context: context)
        for recipient in envelope.to { planner.add(recipient, by: RouteOrigin(name: "envelope")) }
        if let replyTo { planner.add(replyTo, by: RouteOrigin(name: "reply")) }
        for match in matches(envelope) { planner.add(match.route) }
        if planner.plan.matchCount == 0, envelope.to.isEmpty, replyTo == nil {
            planner.add(unrouted, by: RouteOrigin(name: "unrouted"))
        }
        return planner.finished
    }
}

/// A plan in the making.
private struct RoutePlanner {
    let envelope: Envelope
    let context: StageContext
    private(set) var plan = RoutePlan()
    private var taken: [Address: RouteOrigin] = [:]

    init(envelope: Envelope, context: StageContext) {
        self.envelope = envelope
        self.context = context
    }

    /// Adds a recipient whose message passes no stages.
    mutating func add(_ recipient: Address, by origin: RouteOrigin) {
        guard take(recipient, by: origin) else { return }
        plan.dispatches.append(PlannedDispatch(recipient: recipient, route: origin))
    }

    /// Adds the recipients of a route.
    mutating func add(_ route: Route) {
        plan.matchCount += 1
        let origin = route.origin
        var copies: [ChainCopy] = []
        for recipient in route.recipients {
            if let first = taken[recipient] {
                note(recipient, origin, after: first)
                continue
            }
            guard !route.chain.steps.isEmpty else {
                add(recipient, by: origin)
                continue
            }
            var context = context
            context.recipient = recipient
            let result = route.chain.run(envelope, context: context)
            for branch in result.branches { add(branch, to: recipient, by: origin) }
            copies += result.copies
        }
        for copy in copies { add(copy, of: origin) }
    }

    private mutating func add(_ branch: ChainBranch, to recipient: Address, by origin: RouteOrigin) {
        let dispatch = PlannedDispatch(branch, of: envelope, to: recipient, by: origin)
        if !dispatch.isDropped { taken[recipient] = origin }
        plan.dispatches.append(dispatch)
    }

    /// Adds a copy; that another recipient of the same route caused the same copy is no news.
    private mutating func add(_ copy: ChainCopy, of route: RouteOrigin) {
        let origin = RouteOrigin(name: "tap", location: route.location)
        guard taken[copy.recipient] != origin, take(copy.recipient, by: origin) else { return }
        plan.dispatches.append(
            PlannedDispatch(
                recipient: copy.recipient, envelope: copy.envelope == envelope ? nil : copy.envelope, route: origin,
                notes: copy.notes))
    }

    private mutating func take(_ recipient: Address, by origin: RouteOrigin) -> Bool {
        if let first = taken[recipient] {
            note(recipient, origin, after: first)
            return false
        }
        taken[recipient] = origin
        return true
    }

    private mutating func note(_ recipient: Address, _ origin: RouteOrigin, after first: RouteOrigin) {
        guard origin != first else { return }
        let repeated = RepeatedRecipient(recipient: recipient, route: origin, first: first)
        if !plan.repeated.contains(repeated) { plan.repeated.append(repeated) }
    }

    /// The plan, in which every dispatch tells which other routes led to its recipient.
    var finished: RoutePlan {
        var plan = plan
        for repeated in plan.repeated {
            let index = plan.dispatches.firstIndex {
                $0.recipient == repeated.recipient && $0.route == repeated.first && !$0.isDropped
            }
            guard let index else { continue }
            let line = "\(repeated.route.shownText) leads here too; this route comes first"
            plan.dispatches[index].notes.append(StepNote(stage: "route", changes: [line]))
        }
        return plan
    }
}

extension RouteOrigin {
    /// The name with its place, as `Swift news (routes.yaml:31)`.
    var shownText: String { location.map { "\(name) (\($0))" } ?? name }
}
