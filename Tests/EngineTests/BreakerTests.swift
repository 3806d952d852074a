import Engine
import Messages
import Testing

@Suite struct BreakerTests {
    private let start = Timestamp(seconds: 1_000)
    private let lanes: [Address]

    init() throws {
        lanes = try (0..<5).map { try Address(platform: "hook", user: "lane\($0)") }
    }

    @Test("a lane's breaker opens at the fifth failure in a row, for 30 s")
    func opens() {
        var breaker = Breaker(policy: .lane)
        for _ in 0..<4 { #expect(breaker.failed(in: lanes[0], reason: "HTTP 500", at: start) == nil) }
        #expect(breaker.allows(at: start))
        #expect(breaker.failed(in: lanes[0], reason: "HTTP 500", at: start) == .opened(until: start + .seconds(30)))
        #expect(!breaker.allows(at: start + .seconds(29)))
        #expect(breaker.allows(at: start + .seconds(30)))
        #expect(breaker.reason == "HTTP 500")
    }

    @Test("a success between failures starts the count anew")
    func successResets() {
        var breaker = Breaker(policy: .lane)
        for _ in 0..<10 {
            for _ in 0..<4 { #expect(breaker.failed(in: lanes[0], reason: "x", at: start) == nil) }
            #expect(breaker.succeeded() == nil)
        }
        #expect(breaker.state == .closed)
    }

    @Test("after the pause one probe goes, and its failure doubles the pause up to 10 m")
    func probes() {
        var breaker = opened(at: start)
        var now = start + .seconds(30)
        for pause in [60, 120, 240, 480, 600, 600] {
            #expect(breaker.allows(at: now))
            breaker.attempted()
            #expect(!breaker.allows(at: now), "only one probe")
            #expect(breaker.failed(in: lanes[0], reason: "x", at: now) == .opened(until: now + .seconds(pause)))
            now = now + .seconds(pause)
        }
        breaker.attempted()
        #expect(breaker.succeeded() == .closed)
        #expect(breaker.allows(at: now))
    }

    @Test("a mailbox's breaker stays closed while one lane alone fails")
    func oneLane() {
        var breaker = Breaker(policy: .mailbox)
        for _ in 0..<100 { #expect(breaker.failed(in: lanes[0], reason: "x", at: start) == nil) }
        #expect(breaker.failed(in: lanes[1], reason: "x", at: start) == nil)
        #expect(breaker.failed(in: lanes[2], reason: "x", at: start) == .opened(until: start + .seconds(30)))
    }

    @Test("a person's wish lets the probe go at once, one only, and does not open what is closed or being probed")
    func wished() {
        var breaker = opened(at: start)
        breaker.probe(at: start + .seconds(1))
        #expect(breaker.allows(at: start + .seconds(1)))
        breaker.attempted()
        breaker.probe(at: start + .seconds(2))
        #expect(breaker.state == .halfOpen)
        let again = breaker.failed(in: lanes[0], reason: "x", at: start + .seconds(3))
        #expect(again == .opened(until: start + .seconds(63)))
        breaker.probe(at: start + .seconds(100))
        #expect(breaker.nextProbe == start + .seconds(63), "a probe that is due already is not put off")
        _ = breaker.succeeded()
        breaker.probe(at: start)
        #expect(breaker.state == .closed)
    }

    @Test("a probe that told nothing lets another go")
    func abandoned() {
        var breaker = opened(at: start)
        breaker.attempted()
        breaker.abandoned(at: start + .seconds(40))
        #expect(breaker.allows(at: start + .seconds(40)))
    }

    private func opened(at time: Timestamp) -> Breaker {
        var breaker = Breaker(policy: .lane)
        for _ in 0..<5 { _ = breaker.failed(in: lanes[0], reason: "x", at: time) }
        return breaker
    }
}
