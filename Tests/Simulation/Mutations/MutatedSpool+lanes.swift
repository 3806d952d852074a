import Messages
import Spooling

/// The faults of lanes and of what is done to what lies in them.
extension MutatedSpool {
    func load(_ lanes: [LaneID], dueBy time: Timestamp, limit: Int) async throws(SpoolError) -> [LaneLoad] {
        var loads: [LaneLoad]
        do throws(SpoolError) {
            loads = try await spool.load(
                lanes, dueBy: mutation == .ignoresDueTimes ? .latest : time,
                limit: mutation == .keepsBacklogs ? 10_000 : limit)
        } catch {
            guard mutation == .forgetsUnreadLanes else { throw error }
            return lanes.map { _ in LaneLoad(dispatches: [], hasMore: false, nextDue: nil) }
        }
        guard mutation == .loadsWithGaps else { return loads }
        for index in loads.indices where loads[index].dispatches.count > 1 {
            loads[index].dispatches.removeFirst()
            loads[index].hasMore = true
        }
        return loads
    }

    func lease(
        lane: Address, _ terms: LeaseTerms, patience: Duration, at time: Timestamp
    ) async throws(SpoolError) -> LaneLease {
        try await spool.lease(lane: lane, terms, patience: patience, at: time)
    }

    func settle(
        _ leases: [Lease], lane: Address, as ending: LeaseEnding, at time: Timestamp
    ) async throws(SpoolError) -> [Bool] {
        if mutation == .forgetsWork, shows() { return leases.map { _ in true } }
        let held = try await spool.settle(leases, lane: lane, as: ending, at: time)
        return mutation == .honoursOldLeases ? held.map { _ in true } : held
    }

    func apply(
        _ action: DispatchAction, to filter: DispatchFilter, by actor: String, at time: Timestamp, isDryRun: Bool
    ) async throws(SpoolError) -> [DispatchSummary] {
        var action = action
        if mutation == .ignoresHoldTimes, case .hold(let reason, .some) = action {
            action = .hold(reason: reason, until: time)
        }
        let changed = try await spool.apply(
            action, to: filter, by: mutation == .actsUnderNoName ? "nobody" : actor, at: time,
            isDryRun: isDryRun && mutation != .takesTriesForReal)
        if mutation == .reroutesToBoth, case .reroute = action {
            _ = try await spool.apply(.retry, to: filter, by: actor, at: time, isDryRun: isDryRun)
        }
        return changed
    }
}
