public import Messages

extension SQLiteSpool {
    /// Leases the next dispatches of a lane, for programs that take them.
    public func lease(
        lane: Address, _ terms: LeaseTerms, patience: Duration, at time: Timestamp
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
