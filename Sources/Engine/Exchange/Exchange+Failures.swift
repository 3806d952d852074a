import Clocks
import Logging
import Messages
import Spooling

/// What becomes of a step of the spool that fails (docs/decisions/0014-failed-steps.md).
///
/// Nothing that such a step was about is forgotten: it goes back to where the next look finds it, and the step is made
/// again, together with all others of its kind, after a pause.
extension Exchange {
    /// The least time that something waits for which a step failed.
    private static let leastPause = Duration.seconds(1)

    /// Notes that a step failed, for these dispatches or lanes if that is known.
    ///
    /// - Returns: How long such steps wait.
    func failed(_ step: SpoolStep, _ error: SpoolError, _ numbers: [Int64] = []) -> Duration {
        // The router stops; nothing is made again.
        if case .closed = error { return Backoff.maximum }
        let failure = steps.failed(step, at: clock.uptime)
        guard let untold = failure.untold else { return failure.pause }
        let first = numbers.prefix(3).map(String.init).joined(separator: ", ")
        logger.error(
            step.rawValue,
            [
                "error": error, "failures": untold,
                "of": numbers.isEmpty ? "all" : numbers.count > 3 ? "\(first) and others" : first,
            ])
        return failure.pause
    }

    /// Notes for which of those that it was made for a step failed, one by one.
    ///
    /// When it failed for all of them it is the disk that fails, and everything of the kind rests.
    ///
    /// - Returns: Until when those wait that it failed for.
    func failed(
        _ step: SpoolStep, for numbers: [Int64], of count: Int, _ error: SpoolError?
    ) -> [Int64: Timestamp] {
        guard let error, !numbers.isEmpty else { return [:] }
        if numbers.count < count { succeeded(step) }
        let pause = failed(step, error, numbers)
        let now = clock.now
        if numbers.count == count { rest(step, until: now + pause) }
        let retryAt = now + max(pause, Self.leastPause)
        return Dictionary(numbers.map { ($0, retryAt) }) { first, _ in first }
    }

    private func rest(_ step: SpoolStep, until time: Timestamp) {
        switch step {
        case .begin: scheduler.restBeginning(until: time)
        case .load: scheduler.restLoading(until: time)
        case .find, .settle, .expire, .shorten, .resume: break
        }
    }

    /// Notes that a step succeeded.
    func succeeded(_ step: SpoolStep) {
        guard let failures = steps.succeeded(step) else { return }
        logger.info("spool works again", ["after": step.rawValue, "failures": failures])
    }

    /// Makes a step until it succeeds; `nil` when the router stops before.
    func persistently<Value: Sendable>(
        _ step: SpoolStep, _ body: () async throws(SpoolError) -> Value
    ) async -> Value? {
        while !Task.isCancelled {
            do {
                let value = try await body()
                succeeded(step)
                return value
            } catch .closed {
                return nil
            } catch {
                guard (try? await clock.sleep(for: failed(step, error))) != nil else { return nil }
            }
        }
        return nil
    }

    /// Makes a step for each of several by itself, after it failed for all of them together: so one that can never
    /// succeed, as with a damaged page, holds up none of the others.
    ///
    /// - Returns: What came of each.
    func oneByOne<Item: Sendable, Value: Sendable>(
        _ items: [Item], after first: SpoolError, _ step: (Item) async throws(SpoolError) -> Value
    ) async -> [Result<Value, SpoolError>] {
        guard items.count > 1, first != .closed else { return items.map { _ in .failure(first) } }
        var results: [Result<Value, SpoolError>] = []
        for item in items {
            do {
                results.append(.success(try await step(item)))
            } catch {
                results.append(.failure(error))
            }
        }
        return results
    }
}

extension Result {
    /// Why there is no value; `nil` when there is one.
    var failure: Failure? {
        if case .failure(let error) = self { error } else { nil }
    }
}
