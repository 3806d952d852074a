import Configuration
import Messages
import Testing

@testable import Routing

@Suite struct DiagnosticTests {
    @Test("every fault of a file is reported, with its place and the nearest word")
    func tenFaults() {
        let (configuration, diagnostics) = load(Self.faultyFile)
        #expect(configuration == nil)
        #expect(diagnostics.joined(separator: "\n") == Self.faults)
    }

    private static let faultyFile = """
        router: {limits: {hops: 99}, retenton: 3d}
        mailboxes:
          news: {adapter: feed, url: "https://example.org/feed"}
          work: {adapter: slak, token: x}
          chat: {adapter: slack, tokn: x, rate: fast}
        stages:
          brief: [{truncat: 80}]
          round: [round]
        routes:
          - {match: nwes:lobsters, to: wrok:C1}
          - {match: "local:**", via: [breif], to: news:x}
          - {match: "news:a*", where: {subjct: x}, to: work}
          - {match: news:a, to: [work:C1, work:C1], via: {tap: wrk:x}}
          - {match: news:b}
        unrouted: lokal:x
        tests:
          - given: {topik: "news:a"}
            expect: {too: work:C1}
          - {given: {topic: news}, expect: {to: chta:x}}
        """

    private static let faults = """
        routes.yaml:1:25: router.limits.hops: expected 1 to 64, got the number 99
        routes.yaml:1:30: router.retenton: no key named "retenton" is known here; did you mean "retention"?
        routes.yaml:4:19: mailboxes.work.adapter: no adapter named "slak" is known; did you mean "slack"?
        routes.yaml:5:26: mailboxes.chat.tokn: no key named "tokn" is known here; did you mean "token"?
        routes.yaml:5:41: mailboxes.chat.rate: expected a rate such as 10/s, 600/m or 1/30s, got the text "fast"
        routes.yaml:7:12: stages.brief[0]: no stage named "truncat" is known; did you mean "truncate"?
        routes.yaml:8:11: stages.round[0]: these stages go round in a circle: round → round
        routes.yaml:10:13: routes[0].match: no mailbox named "nwes" is declared; did you mean "news:lobsters"?
        routes.yaml:10:32: routes[0].to: no mailbox named "wrok" is declared; did you mean "work:C1"?
        routes.yaml:11:13: routes[1].match: nothing comes in by the mailbox "local": its adapter inbox only sends
        routes.yaml:11:31: routes[1].via[0]: no stages named "breif" are declared under stages; did you mean "brief"?
        routes.yaml:11:43: routes[1].to: the mailbox "news" cannot send: its adapter feed only receives
        routes.yaml:12:13: routes[2].match: expected a topic pattern such as news:**, got the text "news:a*": "*" must be a whole segment; use `where` to look inside one
        routes.yaml:12:32: routes[2].where.subjct: messages have no field named "subjct"; did you mean "subject"?
        routes.yaml:12:48: routes[2].to: expected an address such as work:C024BE91L, got the text "work": expected ":" between platform and user, as in mail:ann@example.org
        routes.yaml:13:35: warning: routes[3].to[1]: work:C1 stands here twice
        routes.yaml:13:56: routes[3].via.tap: no mailbox named "wrk" is declared; did you mean "work:x"?
        routes.yaml:14:5: routes[4]: the route leads nowhere; give it an address in to, or stop: true to let its messages go nowhere
        routes.yaml:15:11: unrouted: no mailbox named "lokal" is declared; did you mean "local:x"?
        routes.yaml:17:13: tests[0].given.topik: no field named "topik" is known in a message; did you mean "topic"?
        routes.yaml:18:14: tests[0].expect.too: no key named "too" is known here; did you mean "to"?
        routes.yaml:19:21: tests[1].given.topic: bad topic "news" at offset 4: expected ":" between source and class, as in news:lobsters
        routes.yaml:19:41: tests[1].expect.to: no mailbox named "chta" is declared; did you mean "chat:x"?
        """

    @Test(
        "a fault alone is reported alone",
        arguments: [
            (
                "router: {name: \"a b\"}",
                "1:16: router.name: this cannot be the router's name: a router's name has only letters"
            ),
            ("router: {postmaster: news:x}", "1:22: router.postmaster: the mailbox \"news\" cannot send"),
            (
                "routes: [{match: local:a, to: work:C1}]",
                "1:18: routes[0].match: nothing comes in by the mailbox \"local\""
            ),
            ("routes: [{match: news:a, to: []}]", "1:10: routes[0]: the route leads nowhere; give it an address in to"),
            ("routes: [{match: news:a, to: work:a, stop: ja}]", "1:44: routes[0].stop: expected true or false"),
            ("routes: [{to: work:a}]", "1:10: routes[0]: the key \"match\" is missing; it takes a list"),
            ("stages: [a]", "1:9: stages: expected a mapping"),
            ("unrouted: news:x", "1:11: unrouted: the mailbox \"news\" cannot send: its adapter feed only receives"),
            (
                "tests: [{given: {topic: x:y, text: a, parts: []}, expect: {}}]",
                "1:39: tests[0].given.parts: give either text or parts"
            ),
            (
                "tests: [{given: {topic: x:y, kind: note}, expect: {}}]",
                "1:36: tests[0].given.kind: expected one of message"
            ),
            (
                "tests: [{given: {topic: x:y, sender: {name: 5}}, expect: {}}]",
                "1:45: tests[0].given.sender.name: expected a string"
            ),
            (
                "tests: [{given: x, expect: {}}]",
                "1:17: tests[0].given: expected a mapping such as {topic: \"news:lobsters\""
            ),
        ])
    func single(text: String, beginning: String) throws {
        let (configuration, diagnostics) = load("\(text)\n\(mailboxes)")
        #expect(configuration == nil)
        #expect(diagnostics.count == 1, "\(diagnostics)")
        #expect(try #require(diagnostics.first).hasPrefix("routes.yaml:\(beginning)"), "\(diagnostics)")
    }

    @Test(
        "mailboxes are checked by the schema of their adapter and the common one",
        arguments: [
            ("{}", "the key \"adapter\" is missing; it takes a text"), ("x", "expected a mapping, got the text \"x\""),
            ("{adapter: xyz}", "no adapter named \"xyz\" is known; expected feed, inbox, slack"),
            ("{adapter: slack}", "the key \"token\" is missing; it takes a text"),
            ("{adapter: inbox, retry: {first: 2m, maximum: 1m}}", "first is longer than maximum"),
            ("{adapter: inbox, rate: 10}", "expected a rate such as 10/s, 600/m or 1/30s, got the number 10"),
            ("{adapter: inbox, concurrency: 0}", "expected 1 to 1000, got the number 0"),
        ])
    func mailbox(text: String, end: String) throws {
        // A route to a mailbox that is faulty is no second fault.
        let (_, diagnostics) = load("mailboxes: {a: \(text)}\nroutes: [{match: a:x, to: a:y}]")
        #expect(diagnostics.filter { !$0.contains("nothing comes in") }.count == 1, "\(diagnostics)")
        #expect(try #require(diagnostics.first).hasSuffix(end), "\(diagnostics)")
    }

    @Test("what is doubtful is a warning, and the configuration is good")
    func warnings() {
        let (configuration, diagnostics) = load(
            mailboxes + """
                stages: {used: {truncate: 3}, unused: [used]}
                routes:
                  - {match: ["news:**"], to: work:C1, via: used, stop: true}
                  - {match: [news:a, "news:b/*"], to: [work:C2, work:C2]}
                  - {match: ["news:a", "work:a"], to: work:C3}
                  - {match: "*:x", stop: true, via: used}

                """)
        #expect(configuration != nil)
        #expect(
            diagnostics == [
                "routes.yaml:4:31: warning: stages.unused: no route uses the stages \"unused\"",
                "routes.yaml:7:5: warning: routes[1]: no message gets here: the route \"news:**\" at routes.yaml:6 takes them all and stops",
                "routes.yaml:7:49: warning: routes[1].to[1]: work:C2 stands here twice",
                "routes.yaml:9:37: warning: routes[3].via: without an address in to the stages are not run",
            ])
    }

    @Test("a route that stops under a condition, or a later one, shadows nothing")
    func noShadow() {
        let (_, diagnostics) = load(
            mailboxes + """
                routes:
                  - {match: "news:**", where: {subject: x}, to: work:C1, stop: true}
                  - {match: "news:a", to: work:C2}
                  - {match: "news:**", to: work:C1, stop: true}

                """)
        #expect(diagnostics == [])
    }
}
