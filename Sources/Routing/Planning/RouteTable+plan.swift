public import Messages
public import Stages

extension RouteTable {
    /// Decides what becomes of a message: its recipients, and what the stages make of it for each.
    ///
    /// An address gets one message once: the envelope's own recipients come first, then the routes in the order of the
    /// file, then subscriptions unless a route stops; each with the copies of its `tap` stages after its own recipients. A dispatch that a stage dropped does not
    /// count, so a later route may still lead there. Without a recipient and a route the message goes to ``unrouted``.
    ///
    /// - Parameters:
    ///   - envelope: the message.
    ///   - replyTo: whom the message answers, when it answers one that this router delivered; no route is needed there.
    ///   - context: what the stages know beside the message.
    /// - Returns: the dispatches and why they are.
    public func plan(for envelope: Envelope, replyTo: Address? = nil, context: StageContext) -> RoutePlan {
        var planner = RoutePlanner(table: self, envelope: envelope, context: context)
        for recipient in envelope.to { planner.add(named: recipient) }
        if let replyTo { planner.add(replyTo, by: RouteOrigin(name: "reply")) }
        let matches = matches(envelope)
        for match in matches { planner.add(match.route) }
        if matches.last?.route.stops != true { planner.addSubscribers() }
        if planner.plan.matchCount == 0, envelope.to.isEmpty, replyTo == nil {
            planner.add(unrouted, by: RouteOrigin(name: "unrouted"))
        }
        return planner.finished
    }
}

/// A plan in the making.
private struct RoutePlanner {
    let table: RouteTable
    let envelope: Envelope
    let context: StageContext
    private(set) var plan = RoutePlan()
    private var taken: [Address: RouteOrigin] = [:]

    init(table: RouteTable, envelope: Envelope, context: StageContext) {
        self.table = table
        self.envelope = envelope
        self.context = context
    }

    private var resolver: TargetResolver { TargetResolver(table: table, envelope: envelope, context: context) }

    /// Adds a recipient whose message passes no stages.
    mutating func add(_ recipient: Address, by origin: RouteOrigin) {
        guard take(recipient, by: origin) else { return }
        plan.dispatches.append(PlannedDispatch(recipient: recipient, route: origin))
    }

    /// Adds a recipient that the envelope names, be it a list.
    mutating func add(named recipient: Address) {
        var copies: [ChainCopy] = []
        for recipient in resolver.recipients(of: recipient) {
            add(recipient, of: StageChain(), by: RouteOrigin(name: "envelope"), &copies)
        }
    }

    /// Adds those who have subscribed to the topic.
    mutating func addSubscribers() {
        let subscribers = table.subscribers(for: envelope)
        if !subscribers.isEmpty { plan.matchCount += 1 }
        for subscriber in subscribers {
            let pattern = table.directory.pattern(of: subscriber.id)
            add(subscriber.address, by: RouteOrigin(name: "subscription", location: pattern))
        }
    }

    /// Adds the recipients of a route.
    mutating func add(_ route: Route) {
        plan.matchCount += 1
        let origin = route.origin
        var copies: [ChainCopy] = []
        for target in route.targets {
            for recipient in resolver.recipients(of: target) { add(recipient, of: route.chain, by: origin, &copies) }
        }
        for copy in copies { add(copy, of: origin) }
    }

    private mutating func add(
        _ recipient: TargetResolver.Recipient, of chain: StageChain, by origin: RouteOrigin, _ copies: inout [ChainCopy]
    ) {
        switch recipient {
        case .address(let address, let note):
            send(to: address, Way(origin: origin, note: note), through: chain, &copies)
        case .sender(let address):
            let way = Way(origin: origin, note: "reply to the sender")
            send(envelope.answeringItself, to: address, way, through: chain, &copies)
        case .refused(let address, let reason):
            plan.dispatches.append(PlannedDispatch(recipient: address, outcome: .drop(reason: reason), route: origin))
        case .unclear(let reason):
            plan.dispatches.append(
                PlannedDispatch(
                    recipient: table.unrouted, outcome: .hold(reason: reason, until: nil, next: 0), route: origin))
        }
    }

    /// How a recipient is reached.
    private struct Way {
        var origin: RouteOrigin
        var note: String?
    }

    private mutating func send(
        _ answer: Envelope? = nil, to address: Address, _ way: Way, through chain: StageChain,
        _ copies: inout [ChainCopy]
    ) {
        if let first = taken[address] { return note(address, way.origin, after: first) }
        guard !chain.steps.isEmpty else {
            return add(PlannedDispatch(recipient: address, envelope: answer, route: way.origin), by: way)
        }
        var context = context
        context.recipient = address
        let result = chain.run(answer ?? envelope, context: context)
        for branch in result.branches {
            add(PlannedDispatch(branch, of: envelope, to: address, by: way.origin), by: way)
        }
        copies += result.copies
    }

    private mutating func add(_ dispatch: PlannedDispatch, by way: Way) {
        var dispatch = dispatch
        if let note = way.note { dispatch.notes.insert(StepNote(stage: "to", changes: [note]), at: 0) }
        if !dispatch.isDropped { taken[dispatch.recipient] = way.origin }
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

extension Envelope {
    /// The message as an answer to itself: what its sender gets, in the same thread, from a machine.
    fileprivate var answeringItself: Envelope {
        var answer = self
        answer.inReplyTo = id.description
        answer.sender = Sender(name: sender?.name, avatar: sender?.avatar, isAutomatic: true)
        return answer
    }
}
