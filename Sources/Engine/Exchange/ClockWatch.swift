import Clocks
import Messages

/// Notices when the clock on the wall is set, by the clock that never is.
struct ClockWatch {
    /// What the two clocks may go apart between two looks without anybody having set one.
    private static let tolerance = Duration.seconds(1)

    private var offset: Duration?

    /// How far the clock was set since the last look, ahead or, below zero, back; `nil` when it was not.
    mutating func look(at clock: some WallClock) -> Duration? {
        let offset = .milliseconds(clock.now.milliseconds) - clock.uptime
        defer { self.offset = offset }
        guard let before = self.offset else { return nil }
        let jump = offset - before
        return jump > Self.tolerance || jump < .zero - Self.tolerance ? jump : nil
    }
}
