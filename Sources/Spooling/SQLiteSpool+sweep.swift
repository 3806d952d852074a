import Clocks
import Crypto
public import Messages
import Synchronization

extension SQLiteSpool {
    /// Removes what was settled before `time`, in small steps, and what nothing refers to any more.
    ///
    /// Dead letters stay until somebody retries or drops them. What operators did, and the damage that was found, is
    /// forgotten with the messages of that time.
    public func sweep(settledBefore time: Timestamp) async throws(SpoolError) -> Int {
        var removed = 0
        var cursor: Int64? = 0
        while let after = cursor {
            let plan = try await read { try $0.sweepPlan(after: after, settledBefore: time) }
            for run in plan.runs {
                let step = try await writer.run { try $0.remove(run, settledBefore: time) }
                removed += step.removed
                try await removeUnreferenced(step.blobs)
            }
            cursor = plan.next
        }
        let now = clock.now
        while try await writer.run({ try $0.sweepKeys(expiredBy: now) }) {}
        while try await writer.run({ try $0.sweepAudit(before: time) }) {}
        while try await writer.run({ try $0.sweepDamage(before: time) }) {}
        try await sweepNames()
        // A crash between the storing of a blob and the commit of its message leaves it without one.
        if !hasSweptOrphans.exchange(true, ordering: .relaxed) {
            try await removeUnreferenced(try await blobs.digests())
        }
        return removed
    }

    private func removeUnreferenced(_ digests: [SHA256Digest]) async throws(SpoolError) {
        guard !digests.isEmpty else { return }
        // Asked of the writer: a reader's snapshot could miss a message that is being committed.
        let unused = try await writer.run { try $0.unreferenced(digests) }
        if !unused.isEmpty { try await blobs.remove(unused) }
    }

    /// So many recipients and routes are never looked through.
    static let fewNames = 1_000

    /// Removes the recipients and routes that no dispatch has any more, once there are twice as many as were left the
    /// last time: to find them, all dispatches are looked at.
    private func sweepNames() async throws(SpoolError) {
        guard try await read({ try $0.nameCount() }) >= namesBeforeNextSweep.load(ordering: .relaxed) else { return }
        // Watched first: what is used from here on is not seen by the look at the dispatches.
        try await writer.run { $0.watchNames() }
        var unused = try await read { try $0.names() }
        let all = unused.count
        var cursor: Int64? = -1
        while let after = cursor {
            (unused, cursor) = try await read { [unused] reader in
                var rest = unused
                let next = try reader.takeUsedNames(after: after, from: &rest)
                return (rest, next)
            }
        }
        for step in unused.steps { try await writer.run { try $0.removeNames(step) } }
        try await writer.run { $0.endWatchingNames() }
        namesBeforeNextSweep.store(max(Self.fewNames, 2 * (all - unused.count)), ordering: .relaxed)
    }
}

extension SpoolNames {
    /// The names in portions that one transaction removes.
    fileprivate var steps: [SpoolNames] {
        let routes = SpoolNames(routes: routes)
        let lanes = Array(lanes)
        return [routes]
            + stride(from: 0, to: lanes.count, by: SpoolWriter.sweepStep).map { start in
                SpoolNames(lanes: Set(lanes[start..<min(start + SpoolWriter.sweepStep, lanes.count)]))
            }
    }
}
