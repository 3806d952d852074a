import AdapterKit
import TestSupport
import Testing

@Suite struct HealthReportTests {
    @Test("a mailbox starts, and has done so since it was made")
    func starting() {
        let clock = ManualClock()
        let report = HealthReport(clock: clock)
        let made = clock.now
        clock.advance(by: .seconds(5))
        #expect(report.status.state == .starting)
        #expect(report.status.since == made)
    }

    @Test("what changes is news, and counts from now")
    func news() {
        let clock = ManualClock()
        let report = HealthReport(clock: clock)
        clock.advance(by: .seconds(5))
        #expect(report.report(.working(detail: "as ann")))
        #expect(report.status.state == .working(detail: "as ann"))
        #expect(report.status.since == clock.now)
        #expect(report.report(.working(detail: "as bo")))
    }

    @Test("what is said again is no news, and does not begin anew")
    func again() {
        let clock = ManualClock()
        let report = HealthReport(clock: clock)
        #expect(report.report(.failing(reason: "HTTP 401")))
        let since = clock.now
        clock.advance(by: .seconds(60))
        #expect(!report.report(.failing(reason: "HTTP 401")))
        #expect(report.status.since == since)
        #expect(report.report(.degraded(reason: "HTTP 401")))
        #expect(report.status.since == clock.now)
    }

    @Test("of many who say the same at once, one brings news")
    func concurrent() async {
        let report = HealthReport(clock: ManualClock())
        let news = await withTaskGroup(of: Bool.self) { group in
            for _ in 0..<100 { group.addTask { report.report(.working(detail: nil)) } }
            return await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
        }
        #expect(news == 1)
    }
}
