import Messages
import TestSupport
import Testing

@testable import Spooling

@Suite struct TrafficTests {
    @Test("dispatches are counted by mailbox, route, recipient and state, since the time that was asked for")
    func counts() async throws {
        try await withSpool { spool, fixture in
            _ = try await spool.accept(fixture.entry())
            fixture.clock.advance(by: .seconds(60))
            let since = fixture.clock.now
            for number in 0..<3 {
                var entry = try fixture.entry()
                entry.accepted = since
                entry.envelope.topic = try Topic(source: number == 2 ? "mail" : "api", class: "x")
                entry.dispatches = [
                    DispatchDraft(
                        recipient: try Address(parsing: "hook:crm"), state: number == 0 ? .dropped : .waiting,
                        due: since, route: RouteOrigin(name: "all", location: "routes.yaml:3"))
                ]
                _ = try await spool.accept(entry)
            }
            let report = try await spool.traffic(since: since)
            let route = RouteOrigin(name: "all", location: "routes.yaml:3")
            #expect(report.isComplete)
            #expect(
                report.rows == [
                    RouteTraffic(
                        source: "api", route: route, recipient: "hook:crm", counts: [.waiting: 1, .dropped: 1]),
                    RouteTraffic(source: "mail", route: route, recipient: "hook:crm", counts: [.waiting: 1]),
                ])
        }
    }

    @Test("an empty spool has no traffic")
    func none() async throws {
        try await withSpool { spool, fixture in
            let report = try await spool.traffic(since: fixture.clock.now)
            #expect(report.rows.isEmpty && report.isComplete)
        }
    }
}
