import Clocks
import Logging
import Messages
import Routing
import Spooling
import Stages
import Synchronization

/// Dispatches that were held go on with the stages that are left.
extension Exchange {
    /// Lets those go on that a stage has held; they come back from the spool when they are ready to be delivered.
    ///
    /// - Returns: The others.
    func resuming(_ dispatches: [SpooledDispatch]) async -> [SpooledDispatch] {
        guard dispatches.contains(where: { $0.nextStage != nil }) else { return dispatches }
        for dispatch in dispatches {
            guard let next = dispatch.nextStage else { continue }
            do {
                try await resume(dispatch, at: next)
                succeeded(.resume)
                scheduler.notBegun([dispatch], retryAt: nil, at: clock.now)
            } catch {
                let pause = failed(.resume, error, [dispatch.number])
                scheduler.notBegun([dispatch], retryAt: clock.now + pause, at: clock.now)
            }
        }
        pump()
        return dispatches.filter { $0.nextStage == nil }
    }

    private func resume(_ dispatch: SpooledDispatch, at next: Int) async throws(SpoolError) {
        let now = clock.now
        var filter = DispatchFilter()
        filter.numbers = [dispatch.number]
        guard let summary = try await spool.list(filter, before: nil, limit: 1).first else { return }
        let state = routing.withLock { $0 }
        let context = StageContext(now: now, router: state.router, recipient: dispatch.recipient)
        let planned = state.table.resume(
            dispatch.envelope, to: dispatch.recipient, by: summary.route, from: next, context: context)
        let drafts = planned?.map { DispatchDraft($0, due: now) } ?? [lost(dispatch, summary.route, next)]
        let entry = SpoolEntry(
            envelope: dispatch.envelope, accepted: dispatch.accepted,
            dispatches: drafts.enumerated().map { index, draft in
                var draft = draft
                // A new dispatch has nothing of its own yet, the old one keeps what it has.
                if index > 0, draft.envelope == nil { draft.envelope = dispatch.envelope }
                return draft
            })
        if try await spool.resume(dispatch.number, as: entry, at: now) {
            logger.info(
                "held dispatch goes on", ["message": dispatch.envelope.id, "recipient": dispatch.recipient])
        }
    }

    /// A dispatch whose route has changed meanwhile: a person says what is right.
    private func lost(_ dispatch: SpooledDispatch, _ route: RouteOrigin, _ next: Int) -> DispatchDraft {
        let reason =
            "the route \"\(route.name)\" has no stage \(next + 1) any more; release it as it is, or reroute or drop it"
        return DispatchDraft(
            recipient: dispatch.recipient, state: .held, reason: reason, due: dispatch.due, route: route,
            steps: [StepNote(stage: "release", changes: ["held: \(reason)"])], nextStage: next)
    }

    /// Holds what a crash has interrupted, where the platform would take a message twice.
    func holdInterrupted() async throws(SpoolError) {
        let numbers = try await spool.interrupted()
        guard !numbers.isEmpty else { return }
        var filter = DispatchFilter()
        filter.numbers = Set(numbers)
        let found = try await spool.list(filter, before: nil, limit: numbers.count)
        filter.numbers = Set(found.filter { limits(of: $0.recipient.platform).retry.holdsUnknown }.map(\.number))
        if !filter.numbers.isEmpty {
            let reason = Self.unknownReason("the router stopped during the attempt")
            let held = try await spool.apply(
                .hold(reason: reason), to: filter, by: "postroad", at: clock.now, isDryRun: false)
            logger.warning("interrupted attempts are held", ["dispatches": held.count])
        }
        // Only now: a router that dies before has to hold them at its next start.
        try await spool.forgetInterrupted()
    }
}
