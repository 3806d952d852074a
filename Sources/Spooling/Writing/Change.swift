/// A change that somebody waits for.
///
/// It may be run twice, when the transaction it shared was rolled back for another's sake; only the second run counts.
struct Change: Sendable {
    /// Makes the change within a transaction, and returns what to do once that is durable.
    let make: @Sendable (SpoolWriter) throws -> @Sendable () -> Void
    /// Tells the waiting task that nothing was changed.
    let fail: @Sendable (SpoolError) -> Void

    /// Creates a change whose result is handed over after the commit.
    init<Value: Sendable>(
        _ body: @escaping @Sendable (SpoolWriter) throws -> Value,
        done: @escaping @Sendable (Result<Value, SpoolError>) -> Void
    ) {
        make = { writer in
            let value = try body(writer)
            return { done(.success(value)) }
        }
        fail = { done(.failure($0)) }
    }
}
