import Clocks
import Files
import Logging
import Transport

/// Tells when a file of the configuration has changed, or an included one has come or gone.
struct ConfigurationWatch: Sendable {
    let loop: EventLoop
    let clock: any WallClock
    let logger: Logger

    /// How often the patterns of includes are looked through for files that are new or gone.
    static let pace = Duration.seconds(2)

    /// Waits until something has changed; what is watched is asked for once.
    ///
    /// - Throws: `CancellationError` when the task is cancelled.
    func change(ofFiles files: [String], patterns: [String]) async throws {
        try await withThrowingTaskGroup { group in
            for path in files {
                group.addTask {
                    for await _ in loop.changes(ofFileAt: path) { return }
                    // Without its folder there is nothing to wait for here; the others go on.
                    try await clock.sleep(for: .seconds(1 << 30))
                }
            }
            if !patterns.isEmpty {
                group.addTask { try await newFile(patterns) }
            }
            defer { group.cancelAll() }
            try await group.next()
        }
        try Task.checkCancellation()
    }

    private func newFile(_ patterns: [String]) async throws {
        let before = matches(patterns)
        while matches(patterns) == before { try await clock.sleep(for: Self.pace) }
    }

    private func matches(_ patterns: [String]) -> Set<String> {
        var paths: Set<String> = []
        for pattern in patterns {
            do {
                paths.formUnion(try FileSystem.posix.paths(matching: FilePath(pattern)).map(\.text))
            } catch {
                logger.debug("include cannot be looked through", ["pattern": pattern, "error": error])
            }
        }
        return paths
    }
}
