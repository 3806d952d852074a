public import Clocks
public import Logging
import Messages
public import Spooling

/// Keeps the spool within its bounds: removes what has been kept long enough, and says when there is no room.
public struct SpoolKeeper: Sendable {
    private let exchange: Exchange
    private let spool: any MessageSpool
    private let clock: any WallClock
    private let logger: Logger
    private let limit: Int64
    private let retention: Duration

    /// Creates a keeper.
    ///
    /// - Parameters:
    ///   - exchange: is told when there is no room.
    ///   - spool: the spool.
    ///   - clock: the time.
    ///   - logger: where events go.
    ///   - limit: the bytes that the spool may take on disk.
    ///   - retention: how long settled messages stay.
    public init(
        exchange: Exchange, spool: any MessageSpool, clock: any WallClock, logger: Logger, limit: Int64,
        retention: Duration
    ) {
        self.exchange = exchange
        self.spool = spool
        self.clock = clock
        self.logger = logger
        self.limit = limit
        self.retention = retention
    }

    /// Measures every five seconds, every minute while nothing happens, and sweeps every ten minutes until the task is cancelled.
    ///
    /// As often the exchange looks whether the clock was set: a timer that waits for a time of it does not tell.
    ///
    /// When little room is left, what was settled goes before its time, the oldest first: messages that wait are worth
    /// more than the traces of those that have arrived.
    public func run() async throws {
        // By the clock that is never set.
        var nextSweep = clock.uptime
        var isFull = false
        var lastSize: Int64 = 0
        while true {
            var isQuiet = false
            do {
                await exchange.pump()
                if clock.uptime >= nextSweep {
                    nextSweep = clock.uptime + .seconds(600)
                    try await sweep(settledBefore: clock.now - retention)
                }
                var size = try await spool.size()
                var kept = retention
                while size >= limit / 10 * 9, kept > .seconds(1) {
                    kept /= 2
                    try await sweep(settledBefore: clock.now - kept)
                    size = try await spool.size()
                }
                if (size >= limit) != isFull {
                    isFull.toggle()
                    tell(isFull, size)
                }
                try await exchange.probeRoom()
                isQuiet = size == lastSize && exchange.refusal == nil
                lastSize = size
            } catch {
                if error == .closed { return }
                logger.error("spool cannot be kept", ["error": "\(error)"])
            }
            // An idle router wakes nobody.
            try await clock.sleep(for: isQuiet ? .seconds(60) : .seconds(5))
        }
    }

    private func sweep(settledBefore time: Timestamp) async throws(SpoolError) {
        let removed = try await spool.sweep(settledBefore: time)
        if removed > 0 { logger.info("spool swept", ["messages": removed, "settled before": time]) }
    }

    private func tell(_ isFull: Bool, _ size: Int64) {
        logger.warning(isFull ? "spool is full" : "spool has room again", ["bytes": size, "limit": limit])
        exchange.setSpoolFull(isFull ? "the spool's limit of \(limit) bytes is reached" : nil)
    }
}
