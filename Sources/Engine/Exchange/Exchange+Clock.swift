import Clocks
import Logging
import Messages
import Spooling

/// What waits for its next attempt waits for a time of the clock on the wall, over restarts too. When that clock is set
/// back, it must not wait for as much longer.
extension Exchange {
    /// Looks whether the clock was set, and goes by the new time.
    func lookAtClock() {
        guard let jump = clockWatch.look(at: clock) else { return }
        logger.warning("the clock was set", ["seconds": jump.components.seconds, "now": clock.now])
        forgetTimer()
        guard jump < .zero else { return }
        scheduler.clockWasSetBack(by: .zero - jump)
        Task {
            await shortenWaits()
            // What was on its way to the disk has been given its time by the old clock.
            guard (try? await clock.sleep(for: .seconds(5))) != nil else { return }
            await shortenWaits()
        }
    }

    private func shortenWaits() async {
        let shortened = await persistently(.shorten) { () throws(SpoolError) in
            try await spool.shortenWaits(at: clock.now)
        }
        guard let shortened, shortened > 0 else { return }
        logger.info("waits shortened", ["dispatches": shortened])
        scheduler.timesHaveChanged()
        pump()
    }
}
