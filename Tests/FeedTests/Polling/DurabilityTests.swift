import AdapterKit
import Clocks
import Logging
import TestSupport
import Testing
import Transport

@testable import Feed

@Suite("What survives a crash or a full router")
struct DurabilityTests {
    private let settings = "{allow_private: true, feeds: {tech: {url: ORIGIN/f, every: 15m, newest: 9}}}"

    @Test("a crash between accept and the state posts nothing twice and loses nothing")
    func crash() async throws {
        try await withMailbox { mailbox in
            mailbox.server.answer("/f", body: rss(["2", "1"]))
            mailbox.store.failNext()
            let adapter = try mailbox.adapter(settings)
            let running = Task { try await adapter.run() }
            await mailbox.clock.waitForSleepers()
            mailbox.clock.advance(by: .seconds(10))
            await #expect(throws: MemoryStore.Full.self) { try await running.value }
            #expect(mailbox.router.subjects == ["T1", "T2"] && mailbox.store.keys.isEmpty)
            try await mailbox.run(settings) { _ in
                await mailbox.passFirst()
                #expect(mailbox.router.subjects == ["T1", "T2"] && mailbox.router.attempts == 4)
            }
        }
    }

    @Test("a restart asks again when the time has come, with the validators, and posts only what is new")
    func restart() async throws {
        try await withMailbox { mailbox in
            mailbox.server.answer("/f", 200, ["ETag": "W/\"a\""], rss(["1"]))
            try await mailbox.run(settings) { _ in await mailbox.passFirst() }
            try await mailbox.run(settings) { _ in
                await mailbox.pass(.seconds(60))
                #expect(mailbox.server.requests.count == 1)
                mailbox.server.answer("/f", 200, ["ETag": "W/\"b\""], rss(["2", "1"]))
                await mailbox.pass(.seconds(15 * 60))
                #expect(mailbox.server.requests.last?.headers["If-None-Match"] == "W/\"a\"")
                #expect(mailbox.router.subjects == ["T1", "T2"])
            }
        }
    }

    @Test(
        "what the router has no room for waits and comes without another request",
        arguments: [
            (AcceptError.busy(retryAfter: .seconds(7)), 7...7), (.full(reason: "x"), 15...45),
            (.unavailable(reason: "x"), 15...45),
        ])
    func busy(_ error: AcceptError, _ seconds: ClosedRange<Int>) async throws {
        try await withMailbox { mailbox in
            mailbox.server.answer("/f", body: rss(["3", "2", "1"]))
            mailbox.router.failNext(error, error)
            try await mailbox.run(settings) { _ in
                await mailbox.passFirst()
                #expect(mailbox.router.subjects.isEmpty && mailbox.router.attempts == 1)
                await mailbox.pass(.seconds(seconds.lowerBound - 1))
                #expect(mailbox.router.attempts == 1)
                await mailbox.pass(.seconds(seconds.upperBound))
                #expect(mailbox.router.subjects.isEmpty && mailbox.router.attempts == 2)
                await mailbox.pass(.seconds(seconds.upperBound))
                #expect(mailbox.router.subjects == ["T1", "T2", "T3"] && mailbox.server.requests.count == 1)
                await mailbox.pass(.seconds(16 * 60))
                #expect(mailbox.router.attempts == 5 && mailbox.server.requests.count == 2)
            }
        }
    }

    @Test("what waits is posted after a restart too")
    func waitingOverRestart() async throws {
        try await withMailbox { mailbox in
            mailbox.server.answer("/f", body: rss(["2", "1"]))
            mailbox.router.failNext(.full(reason: "x"))
            try await mailbox.run(settings) { _ in await mailbox.passFirst() }
            mailbox.server.answer("/f", 500)
            try await mailbox.run(settings) { _ in
                await mailbox.pass(.seconds(16 * 60))
                #expect(mailbox.router.subjects == ["T1", "T2"])
            }
        }
    }

    @Test("an entry that the router refuses is not offered again, and the others come")
    func refused() async throws {
        try await withMailbox { mailbox in
            mailbox.server.answer("/f", body: rss(["2", "1"]))
            mailbox.router.failNext(.refused(reason: "a loop"))
            try await mailbox.run(settings) { _ in
                await mailbox.passFirst()
                await mailbox.pass(.seconds(16 * 60))
                #expect(mailbox.router.subjects == ["T2"] && mailbox.router.attempts == 2)
                #expect(mailbox.warnings == ["the router refuses an entry"])
            }
        }
    }
}
