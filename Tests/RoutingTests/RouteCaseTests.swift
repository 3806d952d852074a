import Configuration
import Messages
import Stages
import Testing

@testable import Routing

@Suite struct RouteCaseTests {
    private static let routes = """
        stages: {brief: [{truncate: 12}, {template: "*{{subject}}*\\n{{text}}"}]}
        routes:
          - {name: Swift news, match: news:lobsters, where: {subject: /swift/i}, via: [brief, {tap: work:log}], to: [work:C1, work:C2]}
          - {name: Rust news, match: news:lobsters, via: {filter: {subject: /rust/i}}, to: work:C3}

        """

    private func results(_ tests: String) throws -> [RouteTestResult] {
        try configuration(Self.routes + "tests:\n" + tests).runTests(now: context().now)
    }

    @Test(
        "a case that holds passes",
        arguments: [
            "{to: [work:C1, work:C2, work:log]}", "{to: [work:log, work:C2, work:C1], subject: Swift 6.3}",
            "{text: \"*Swift 6.3*\\nOut now\"}", "{absent: [work:C3, work:C4]}", "{dropped: rust}",
            "{dropped: \"true\"}",
            "{dropped: true}", "{}",
        ])
    func passes(expect: String) throws {
        let result = try #require(
            results("  - {given: {topic: \"news:lobsters\", subject: Swift 6.3, text: Out now}, expect: \(expect)}")
                .first)
        #expect(result.passed, "\(result)")
        #expect(result.diagnostic == nil)
        #expect(result.description == "routes.yaml:9:5: tests[0]: passed")
    }

    @Test(
        "a case that does not hold says what was expected and what came",
        arguments: [
            ("{to: work:C1}", "to", "work:C1", "work:C1, work:C2, work:log"),
            ("{to: []}", "to", "nobody", "work:C1, work:C2, work:log"),
            ("{absent: [work:C1]}", "absent", "no message to work:C1", "one"),
            (
                "{dropped: swift}", "dropped", "for a reason with \"swift\" in it",
                "\"filter: subject \"Swift 6.3\" does not match /rust/i\""
            ),
            ("{dropped: false}", "dropped", "none", "\"filter: subject \"Swift 6.3\" does not match /rust/i\""),
        ])
    func fails(expect: String, subject: String, expected: String, got: String) throws {
        let result = try #require(
            results("  - {given: {topic: \"news:lobsters\", subject: Swift 6.3}, expect: \(expect)}").first)
        #expect(result.differences == [RouteTestResult.Difference(subject: subject, expected: expected, got: got)])
    }

    @Test("texts and subjects are compared for each recipient, and for at least one")
    func contents() throws {
        let result = try #require(
            results("  - {given: {topic: news:lobsters, subject: Swift}, expect: {subject: Rust, text: x}}").first)
        #expect(
            result.differences.map(\.subject) == [
                "text to work:C1", "text to work:C2", "subject to work:C1", "subject to work:C2",
            ])
        let none = try #require(
            results("  - {given: {topic: news:lobsters, subject: Go}, expect: {text: x}}").first)
        #expect(none.differences == [.init(subject: "text", expected: "\"x\"", got: "no message")])
    }

    @Test("a failing case prints its line, expected against got, and the trace")
    func description() throws {
        let result = try #require(
            results(
                """
                  - name: Swift comes through
                    given: {topic: "news:lobsters", subject: Swift 6.3, text: Out now, and then}
                    expect: {to: work:C1}
                """.replacing(", and then}", with: " for everyone}")
            ).first)
        #expect(
            result.description == """
                routes.yaml:9:5: tests[0]: Swift comes through: failed
                  to
                    expected  work:C1
                    got       work:C1, work:C2, work:log
                  trace
                    work:C1  by Swift news (routes.yaml:6)
                      brief/truncate  text: 20 → 12 characters, Out now for[- everyone-]{+…+}
                      brief/template  text: 12 → 24 characters, {+*Swift 6.3*⏎+}Out now for…
                      tap  copied to work:log
                    work:C2  by Swift news (routes.yaml:6)
                      brief/truncate  text: 20 → 12 characters, Out now for[- everyone-]{+…+}
                      brief/template  text: 12 → 24 characters, {+*Swift 6.3*⏎+}Out now for…
                      tap  copied to work:log
                    work:log  by tap (routes.yaml:6)
                      brief/truncate  text: 20 → 12 characters, Out now for[- everyone-]{+…+}
                      brief/template  text: 12 → 24 characters, {+*Swift 6.3*⏎+}Out now for…
                      tap  copied to work:log
                    work:C3  by Rust news (routes.yaml:7)
                      filter  dropped: subject "Swift 6.3" does not match /rust/i
                """)
        #expect(
            result.diagnostic?.description == """
                routes.yaml:9:5: tests[0]: the test "Swift comes through" failed: to: expected work:C1, got work:C1, work:C2, work:log
                """)
    }

    @Test("a message is given any field of an envelope")
    func given() throws {
        let result = try #require(
            results(
                """
                  - given: {topic: news:x, from: work:ann, to: work:bo, subject: 2026, text: true, format: markdown, meta: {n: 3},
                      headers: {X-N: 5}, sender: {name: Ann, auto: true}, priority: high, depth: 2, kind: event}
                    expect: {to: work:bo, subject: 2026, text: "true"}
                """
            ).first)
        #expect(result.passed, "\(result)")
        let envelope = result.test.envelope
        #expect(envelope.from.description == "work:ann")
        #expect(envelope.meta == ["n": 3])
        #expect(envelope.headers == ["X-N": "5"])
        #expect(envelope.sender?.isAutomatic == true)
        #expect(envelope.depth == 2)
        #expect(envelope.parts == [.text("true", format: .markdown)])
    }
}
