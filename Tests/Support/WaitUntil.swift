/// Waits for what another task or thread brings about, looking again every millisecond.
///
/// - Throws: ``NeverHappened`` when it has not come about in time.
public func waitUntil(
    within limit: Duration = .seconds(30), _ condition: () async throws -> Bool
) async throws {
    let deadline = ContinuousClock.now + limit
    while try await !condition() {
        guard ContinuousClock.now < deadline else { throw NeverHappened() }
        try await Task.sleep(for: .milliseconds(1))
    }
}

/// What a test waited for did not come about.
public struct NeverHappened: Error {
    /// Creates the error.
    public init() {}
}
