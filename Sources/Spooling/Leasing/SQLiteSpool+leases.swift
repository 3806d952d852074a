public import Messages

extension SQLiteSpool {
    /// Leases the next dispatches of a lane, for programs that take them.
    public func lease(
        lane: Address, _ terms: LeaseTerms, patience: Duration, at time: Timestamp
    ) async throws(SpoolError) -> LaneLease {
        do throws(SpoolError) {
            return try await leaseOnce(lane, terms, patience, at: time)
        } catch .disk {
            // What a damaged page holds is set aside by reading it; a transaction that has met one writes nothing more.
            let lanes = try await lanes(of: [lane])
            _ = try await load(lanes, dueBy: time, limit: max(terms.count, 64))
            return try await leaseOnce(lane, terms, patience, at: time)
        }
    }

    private func leaseOnce(
        _ lane: Address, _ terms: LeaseTerms, _ patience: Duration, at time: Timestamp
    ) async throws(SpoolError) -> LaneLease {
        let recipient = lane.description
        return try await writer.run { try $0.lease(lane: recipient, terms, patience: patience, at: time) }
    }

    /// Ends or prolongs leases in one transaction.
    public func settle(
        _ leases: [Lease], lane: Address, as ending: LeaseEnding, at time: Timestamp
    ) async throws(SpoolError) -> [Bool] {
        guard !leases.isEmpty else { return [] }
        let recipient = lane.description
        return try await writer.run { try $0.settle(leases, lane: recipient, as: ending, at: time) }
    }
}
