public import Messages
public import Stages

extension RouteTable {
    /// Goes on with a dispatch that a stage has held, at the stage of its route with the index `next`.
    ///
    /// The route is the one of that name at that place or, when the file has changed, the only one of that name.
    ///
    /// - Parameters:
    ///   - envelope: the message as the stages before have left it.
    ///   - recipient: where it goes.
    ///   - origin: the route by which it goes there.
    ///   - next: the stage that it goes on with.
    ///   - context: what the stages know beside the message.
    /// - Returns: what becomes of it, and of the copies that stages make; `nil` when the table has no such route, or one
    ///   with fewer stages.
    public func resume(
        _ envelope: Envelope, to recipient: Address, by origin: RouteOrigin, from next: Int, context: StageContext
    ) -> [PlannedDispatch]? {
        guard let route = route(of: origin), next <= route.chain.steps.count else { return nil }
        let result = route.chain.run(envelope, from: next, context: context)
        let copies = result.copies.map { copy in
            PlannedDispatch(
                recipient: copy.recipient, envelope: copy.envelope,
                route: RouteOrigin(name: "tap", location: origin.location), notes: copy.notes)
        }
        return result.branches.map { PlannedDispatch($0, of: envelope, to: recipient, by: origin) } + copies
    }

    private func route(of origin: RouteOrigin) -> Route? {
        let named = routes.filter { $0.name == origin.name }
        return named.first { $0.location == origin.location } ?? (named.count == 1 ? named.first : nil)
    }
}

extension PlannedDispatch {
    /// What becomes of one message at the end of its way through a chain.
    init(_ branch: ChainBranch, of envelope: Envelope, to recipient: Address, by origin: RouteOrigin) {
        let outcome: Outcome
        switch branch.end {
        case .passed: outcome = .deliver
        case .dropped(let stage, let reason): outcome = .drop(reason: "\(stage): \(reason)")
        case .held(let stage, let reason, let until, let next):
            outcome = .hold(reason: "\(stage): \(reason)", until: until, next: next)
        }
        self.init(
            recipient: recipient, envelope: branch.envelope == envelope ? nil : branch.envelope, outcome: outcome,
            route: origin, notes: branch.notes)
    }
}
