import Configuration
import Messages
import Stages
import Testing

@testable import Routing

@Suite struct RouteTableTests {
    private func matches(_ routes: String, _ envelope: Envelope) throws -> [String] {
        try configuration(routes).table.matches(envelope).map(\.route.name)
    }

    @Test("all routes that fit are taken, in the order of the file")
    func order() throws {
        let routes = """
            routes:
              - {name: c, match: "news:**", to: work:C}
              - {name: a, match: news:lobsters, to: work:A}
              - {name: d, match: work:x, to: work:D}
              - {name: b, match: ["*:lobsters", "news:*"], to: work:B}
            """
        #expect(try matches(routes, message("news:lobsters")) == ["c", "a", "b"])
        #expect(try matches(routes, message("news:other/x")) == ["c"])
        #expect(try matches(routes, message("work:y")) == [])
    }

    @Test("a route whose conditions do not hold is not taken, and does not stop")
    func conditions() throws {
        let routes = """
            routes:
              - {name: a, match: "news:**", where: {subject: /rust/i}, to: work:A, stop: true}
              - {name: b, match: "news:**", where: {subject: /swift/i}, to: work:B, stop: true}
              - {name: c, match: "news:**", to: work:C}
            """
        #expect(try matches(routes, message("news:x", subject: "Rust")) == ["a"])
        #expect(try matches(routes, message("news:x", subject: "Swift")) == ["b"])
        #expect(try matches(routes, message("news:x")) == ["c"])
    }

    @Test("a match knows its pattern and its place")
    func pattern() throws {
        let table = try configuration("routes: [{match: [news:b, \"news:*\"], to: work:A}]").table
        let match = try #require(table.matches(message("news:a")).first)
        #expect(match.index == 0)
        #expect(match.pattern(for: try Topic(parsing: "news:a"))?.description == "news:*")
        #expect(match.route.name == "news:b, news:*")
    }
}

@Suite struct RoutePlanTests {
    @Test("the message's own recipients come first, then those of the routes")
    func order() throws {
        let routes = "routes: [{name: r, match: \"news:**\", to: [work:A, work:B]}]"
        #expect(
            try plan(routes, message("news:x", to: ["work:B", "work:Z"])) == [
                "work:B deliver by envelope", "work:Z deliver by envelope", "work:A deliver by r",
            ])
    }

    @Test("a message that nobody wants goes to unrouted, unless it names a recipient or a route takes it")
    func unrouted() throws {
        let routes = "unrouted: work:rest\nroutes: [{match: news:void, stop: true}, {match: news:a, to: work:A}]"
        #expect(try plan(routes, message("news:other")) == ["work:rest deliver by unrouted"])
        #expect(try plan(routes, message("news:other", to: ["work:A"])) == ["work:A deliver by envelope"])
        #expect(try plan(routes, message("news:void")) == [])
        #expect(try plan("", message("news:other")) == ["local:postmaster deliver by unrouted"])
    }

    @Test("an address gets one message once, by the first route in the file, and the trace tells of the others")
    func once() throws {
        let table = try configuration(
            """
            routes:
              - {name: first, match: "news:**", to: work:A}
              - {name: second, match: news:x, to: [work:A, work:B]}
              - {name: third, match: "*:x", to: [work:B, work:A]}
            """
        ).table
        let plan = try table.plan(for: message("news:x"), context: context())
        #expect(plan.dispatches.map(line) == ["work:A deliver by first", "work:B deliver by second"])
        #expect(
            plan.dispatches.first?.notes == [
                StepNote(stage: "route", changes: ["second (routes.yaml:6) leads here too; this route comes first"]),
                StepNote(stage: "route", changes: ["third (routes.yaml:7) leads here too; this route comes first"]),
            ])
        #expect(
            plan.repeated.map { "\($0.recipient) \($0.route.name) \($0.first.name)" } == [
                "work:A second first", "work:B third second", "work:A third first",
            ])
        #expect(plan.matchCount == 3)
    }

    @Test("a dispatch that a stage drops claims nothing: a later route may lead to the same address")
    func dropped() throws {
        let routes = """
            routes:
              - {name: a, match: "news:**", via: {filter: {subject: /rust/i}}, to: work:A}
              - {name: b, match: "news:**", via: {filter: {subject: /swift/i}}, to: work:A}
            """
        #expect(
            try plan(routes, message("news:x", subject: "Swift")) == [
                "work:A drop filter: subject \"Swift\" does not match /rust/i by a", "work:A deliver by b",
            ])
        #expect(try plan(routes, message("news:x", subject: "Rust")) == ["work:A deliver by a"])
    }

    @Test("stages see the recipient, and an unchanged message is not kept twice")
    func stages() throws {
        let table = try configuration(
            "routes: [{match: news:x, via: [{template: \"{{text}} for {{to.user}}\"}], to: [work:A, work:B]},"
                + "{match: news:x, via: {truncate: 100}, to: work:C}]"
        ).table
        let plan = try table.plan(for: message("news:x"), context: context())
        #expect(plan.dispatches.map { $0.envelope?.text } == ["Hello for A", "Hello for B", nil])
        #expect(
            plan.dispatches.map(\.notes) == [
                [StepNote(stage: "template", changes: ["text: 5 → 11 characters, Hello{+ for A+}"])],
                [StepNote(stage: "template", changes: ["text: 5 → 11 characters, Hello{+ for B+}"])],
                [StepNote(stage: "truncate", changes: [])],
            ])
    }

    @Test("a stage that fails holds the dispatch, with the reason and the stage to go on at")
    func held() throws {
        let routes = """
            routes:
              - {name: a, match: "news:**", via: [{truncate: 9}, {set: {priority: "{{subject}}"}}], to: [work:A]}
              - {name: b, match: "news:**", to: [work:A, work:B]}
            """
        #expect(
            try plan(routes, message("news:x", subject: "soon")) == [
                "work:A hold at 1 set: priority cannot be \"soon\"; expected low, normal, high or urgent by a",
                "work:B deliver by b",
            ])
    }

    @Test("a copy goes to its address once, after the recipients of its route")
    func taps() throws {
        let routes = """
            routes:
              - {name: a, match: "news:**", via: [{tap: "work:log"}, {set: {subject: x}}, {tap: [work:log, work:B]}], to: [work:A, work:B]}
              - {name: b, match: "news:**", via: {tap: work:log}, to: [work:A, work:C]}
            """
        let table = try configuration(routes).table
        let plan = try table.plan(for: message("news:x"), context: context())
        #expect(
            plan.dispatches.map(line) == [
                "work:A deliver by a", "work:B deliver by a", "work:log deliver by tap", "work:C deliver by b",
            ])
        #expect(plan.dispatches.map { $0.envelope?.subject } == ["x", "x", nil, nil])
        #expect(plan.dispatches[2].route.location == "routes.yaml:5")
    }

    @Test("a copy is made even of a message that a later stage drops")
    func tapBeforeFilter() throws {
        let routes = "routes: [{name: a, match: news:x, via: [{tap: work:log}, {filter: {subject: x}}], to: work:A}]"
        #expect(
            try plan(routes, message("news:x")) == [
                "work:A drop filter: subject is missing by a", "work:log deliver by tap",
            ])
    }
}

@Suite struct RoutingSpeedTests {
    @Test("ten thousand routes cost no more than a few")
    func tenThousand() throws {
        let patterns = try (0..<10_000).map { try TopicPattern(parsing: "repo:team\($0 % 100)/app\($0)/issues/*") }
        let recipient = try Address(parsing: "work:C1")
        let routes = patterns.map { Route(patterns: [$0], targets: [.address(recipient)], position: .builtIn) }
        let table = RouteTable(routes: routes, unrouted: recipient)
        let envelope = try message("repo:team42/app4242/issues/opened")
        #expect(table.matches(envelope).map(\.index) == [4_242])
        let count = 10_000
        let time = ContinuousClock().measure {
            for _ in 0..<count { _ = table.matches(envelope) }
        }
        // About 5 µs without optimisation; a look at every pattern takes milliseconds.
        #expect(time / count < .microseconds(500))
        print("a match among 10,000 routes takes \(time / count)")
    }
}
