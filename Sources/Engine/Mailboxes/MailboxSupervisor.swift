public import AdapterKit
public import Clocks
public import Logging
import Messages

/// Runs the receiving half of a mailbox, and starts it again when it fails: after 1 s, 2 s, 4 s … up to 5 minutes.
public struct MailboxSupervisor: Sendable {
    private let adapter: any Adapter
    private let health: HealthReport
    private let clock: any WallClock
    private let logger: Logger

    /// The longest pause between two starts.
    public static let maximumPause = Duration.seconds(300)

    /// Creates a supervisor.
    public init(adapter: any Adapter, health: HealthReport, clock: any WallClock, logger: Logger) {
        self.adapter = adapter
        self.health = health
        self.clock = clock
        self.logger = logger
    }

    /// Runs the adapter until the task is cancelled.
    public func run() async {
        var pause = Duration.seconds(1)
        while !Task.isCancelled {
            let started = clock.now
            let reason = await runOnce()
            guard let reason, !Task.isCancelled else { return }
            // One that ran for a while begins again with a short pause.
            if clock.now - started > Self.maximumPause { pause = .seconds(1) }
            health.report(.failing(reason: reason))
            logger.error("mailbox stopped receiving", ["error": reason, "again in": pause])
            guard (try? await clock.sleep(for: pause)) != nil else { return }
            pause = min(pause * 2, Self.maximumPause)
        }
    }

    /// Why the adapter stopped; `nil` when it was told to.
    private func runOnce() async -> String? {
        do {
            try await adapter.run()
            return "the adapter stopped by itself"
        } catch is CancellationError {
            return nil
        } catch {
            return "\(error)"
        }
    }
}
