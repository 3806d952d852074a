import Clocks
import Logging
import Messages
import Spooling

/// What the scheduler asks of the spool.
extension Exchange {
    /// How many lanes are taken up at once: few enough that the first deliveries do not wait for the last lanes.
    private static let pageLimit = 2_000

    /// Takes up the first of the lanes with dispatches, and goes on with the others beside the first deliveries.
    ///
    /// - Returns: What goes on with them; `nil` when there are no more.
    func takeUpSpool() async -> Task<Void, Never>? {
        guard let (next, count) = await takeUpLanes(after: .none) else { return nil }
        guard let next else {
            if count > 0 { await tellOfSpool(lanes: count) }
            return nil
        }
        return Task { await takeUpSpool(after: next, known: count) }
    }

    private func takeUpSpool(after first: LaneID, known: Int) async {
        var count = known
        var after: LaneID? = first
        while let lane = after {
            guard let (next, found) = await takeUpLanes(after: lane) else { return }
            after = next
            count += found
            pump()
        }
        await tellOfSpool(lanes: count)
    }

    /// Takes up one page of lanes.
    ///
    /// - Returns: The last of them, if there may be more, and how many they were; `nil` when the router stops.
    private func takeUpLanes(after lane: LaneID) async -> (last: LaneID?, count: Int)? {
        guard let page = await lanePage(after: lane) else { return nil }
        let last = page.count < Self.pageLimit ? nil : page.last?.id
        scheduler.restored(page.filter(isDelivered), through: last)
        return (last, page.count)
    }

    private func lanePage(after lane: LaneID) async -> [LaneSummary]? {
        await persistently(.find) { () throws(SpoolError) in
            try await spool.lanes(after: lane, limit: Self.pageLimit)
        }
    }

    /// Looks anew at all lanes with dispatches, or those of one mailbox.
    func lookAtLanes(of mailbox: String? = nil) {
        Task {
            var after: LaneID? = LaneID.none
            while let lane = after, let page = await lanePage(after: lane) {
                for lane in page where isDelivered(lane) && mailbox.map({ $0 == lane.recipient.platform }) ?? true {
                    scheduler.changed(lane.id, of: lane.recipient)
                }
                pump()
                after = page.count < Self.pageLimit ? nil : page.last?.id
            }
        }
    }

    /// The lanes that programs take from are not for the scheduler.
    private func isDelivered(_ lane: LaneSummary) -> Bool { pulled[lane.recipient.platform] == nil }

    private func tellOfSpool(lanes: Int) async {
        guard let counts = try? await spool.counts() else { return }
        let open = counts.filter { !$0.key.isSettled }.values.reduce(0, +)
        logger.info("spool taken up", ["lanes": lanes, "dispatches": open])
    }

    /// Reads the next dispatches of lanes.
    func load(_ lanes: [LaneID], limit: Int) async {
        let time = clock.now
        do {
            let loads = try await spool.load(lanes, dueBy: time, limit: limit)
            succeeded(.load)
            scheduler.loaded(lanes, loads, limit: limit, at: clock.now)
        } catch {
            let results = await oneByOne(lanes, after: error) { lane throws(SpoolError) in
                try await spool.load([lane], dueBy: time, limit: limit)
            }
            let loads = results.map { (try? $0.get())?.first }
            let bad = zip(lanes, results).compactMap { $1.failure == nil ? nil : $0.rawValue }
            let retryAt = failed(.load, for: bad, of: lanes.count, results.compactMap(\.failure).first).values.first
            scheduler.loaded(lanes, loads, limit: limit, retryAt: retryAt, at: clock.now)
        }
        pump()
    }

    /// Ends dispatches whose time is over, wherever they wait: behind an open breaker, a pause, or a held one.
    func expire(upTo limit: Int) async {
        let now = clock.now
        do {
            let found = try await spool.expired(by: now, limit: limit)
            // An attempt that has begun ends by itself.
            let ending = found.dispatches.filter { scheduler.expires($0) }
            let failed = ending.isEmpty ? [:] : await giveUp(ending, at: now)
            for dispatch in ending where failed[dispatch.number] == nil { scheduler.settled(dispatch) }
            let again = ending.isEmpty ? now + .seconds(1) : now
            scheduler.expired(nextAt: failed.values.min() ?? (found.hasMore ? again : found.next))
        } catch {
            scheduler.expired(nextAt: now + failed(.expire, error))
        }
        pump()
    }

    /// Somebody changed dispatches of these recipients by hand; with `isProbe` they are to be tried now.
    func lookAgain(at recipients: Set<Address>, isProbe: Bool = false) async throws(SpoolError) {
        for recipient in recipients {
            for lane in try await spool.lanes(of: [recipient]) {
                scheduler.changed(lane, of: recipient)
                if isProbe { scheduler.probe(lane, of: recipient, at: clock.now) }
            }
        }
    }
}
