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
    func takeUpSpool() async throws(SpoolError) -> Task<Void, Never>? {
        let page = try await spool.lanes(after: .none, limit: Self.pageLimit)
        let last = page.count < Self.pageLimit ? nil : page.last?.id
        scheduler.restored(page.filter(isDelivered), through: last)
        guard let last else {
            if !page.isEmpty { await tellOfSpool(lanes: page.count) }
            return nil
        }
        return Task { await takeUpSpool(after: last, known: page.count) }
    }

    private func takeUpSpool(after first: LaneID, known: Int) async {
        var count = known
        var after: LaneID? = first
        while let lane = after, !Task.isCancelled {
            do {
                let page = try await spool.lanes(after: lane, limit: Self.pageLimit)
                after = page.count < Self.pageLimit ? nil : page.last?.id
                scheduler.restored(page.filter(isDelivered), through: after)
                count += page.count
                pump()
            } catch .closed {
                return
            } catch {
                logger.error("lanes of the spool cannot be read", ["after": lane.rawValue, "error": "\(error)"])
                guard (try? await clock.sleep(for: .seconds(5))) != nil else { return }
            }
        }
        await tellOfSpool(lanes: count)
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
        do {
            let loads = try await spool.load(lanes, dueBy: clock.now, limit: limit)
            scheduler.loaded(lanes, loads, limit: limit, at: clock.now)
        } catch {
            logger.error("lanes cannot be read", ["lanes": lanes.count, "error": "\(error)"])
            scheduler.loadFailed(lanes, limit: limit, retryAt: clock.now + .seconds(5))
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
            for dispatch in ending {
                let settlement = Settlement(
                    number: dispatch.number, attempt: dispatch.attempts, started: now, finished: now,
                    outcome: dead(dispatch, expiryReason(of: dispatch), attempts: dispatch.attempts))
                await settle(settlement, of: dispatch)
                scheduler.settled(dispatch)
            }
            let again = ending.isEmpty ? now + .seconds(1) : now
            scheduler.expired(nextAt: found.hasMore ? again : found.next)
        } catch {
            logger.error("expired dispatches cannot be read", ["error": "\(error)"])
            scheduler.expired(nextAt: now + .seconds(5))
        }
        pump()
    }

    /// Somebody changed dispatches of these recipients by hand.
    func lookAgain(at recipients: Set<Address>) async throws(SpoolError) {
        for recipient in recipients {
            for lane in try await spool.lanes(of: [recipient]) { scheduler.changed(lane, of: recipient) }
        }
    }
}
