public import Messages

extension SQLiteSpool {
    /// Applies an operator's action to the dispatches that fit the filter, the oldest first.
    ///
    /// Many dispatches are changed in steps, each of them a transaction together with its part of the audit row; a failure
    /// leaves the earlier steps done.
    public func apply(
        _ action: DispatchAction, to filter: DispatchFilter, by actor: String, at time: Timestamp, isDryRun: Bool
    ) async throws(SpoolError) -> [DispatchSummary] {
        let found = try await find(action, filter)
        guard !isDryRun else { return found }
        let note = AuditNote(action, to: filter, by: actor, at: time)
        let numbers = found.map(\.number).sorted()
        var changed: [Int64] = []
        var row: Int64?
        var start = 0
        repeat {
            let step = Array(numbers[start..<min(start + Self.actionStep, numbers.count)])
            let (done, auditRow) = try await writer.run { [row] writer in
                let done = try writer.apply(action, to: step, at: time)
                return (done, try writer.audit(note, changed: done.count, row: row))
            }
            changed += done
            row = auditRow
            start += Self.actionStep
        } while start < numbers.count
        return try await summaries(of: changed)
    }

    /// How many dispatches one transaction of an action changes.
    private static let actionStep = 500

    /// The dispatches that the action would change.
    private func find(
        _ action: DispatchAction, _ filter: DispatchFilter
    ) async throws(SpoolError) -> [DispatchSummary] {
        var found: [DispatchSummary] = []
        var before: Int64?
        while true {
            let page = try await list(filter, before: before, limit: Self.actionStep)
            var fitting = page.filter { action.changes($0.state) }
            if case .reroute(let recipient, _) = action {
                fitting = try await read { [fitting] reader in
                    try fitting.filter {
                        try !Reroute.isRepeated($0.number, to: recipient.description, in: reader.database)
                    }
                }
            }
            found += fitting
            guard page.count == Self.actionStep else { return found }
            before = page.last?.number
        }
    }

    private func summaries(of numbers: [Int64]) async throws(SpoolError) -> [DispatchSummary] {
        var found: [DispatchSummary] = []
        var end = numbers.count
        while end > 0 {
            let start = max(0, end - Self.actionStep)
            var filter = DispatchFilter()
            filter.numbers = Set(numbers[start..<end])
            found += try await list(filter, before: nil, limit: Self.actionStep)
            end = start
        }
        return found
    }

    /// Writes what the stages after a hold made of a dispatch.
    public func resume(_ number: Int64, as entry: SpoolEntry, at time: Timestamp) async throws(SpoolError) -> Bool {
        let prepared = try PreparedEntry(entry)
        return try await writer.run { try $0.resume(number, with: prepared, at: time) }
    }

    /// The dispatches whose attempts the last run left unfinished.
    public func interrupted() async throws(SpoolError) -> [Int64] {
        try await writer.run { $0.interrupted }
    }

    /// Forgets them, on the disk too.
    public func forgetInterrupted() async throws(SpoolError) {
        try await writer.run { try $0.forgetInterrupted() }
    }

    /// Writes down what somebody did.
    public func leave(_ note: AuditNote, changed: Int) async throws(SpoolError) {
        _ = try await writer.run { try $0.audit(note, changed: changed, row: nil) }
    }

    /// What people did to dispatches, the newest first.
    public func audit(before number: Int64?, limit: Int) async throws(SpoolError) -> [AuditRow] {
        try await read { try $0.audit(before: number, limit: limit) }
    }
}
