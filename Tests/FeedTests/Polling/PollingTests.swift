import AdapterKit
import Clocks
import Logging
import Messages
import TestSupport
import Testing
import Transport

@testable import Feed

@Suite("How a feed's mailbox polls")
struct PollingTests {
    private let settings =
        "{allow_private: true, contact: 'https://c.example/', feeds: {tech: {url: ORIGIN/f, every: 15m}}}"

    @Test("requests are conditional, with the validators as they were sent")
    func conditional() async throws {
        try await withMailbox { mailbox in
            let date = "Sun, 07 Jan 2024 09:00:00 GMT"
            mailbox.server.answer("/f", 200, ["ETag": "W/\"a b\"", "Last-Modified": date], rss(["1"]))
            try await mailbox.run(settings) { _ in
                await mailbox.passFirst()
                await mailbox.pass(.seconds(16 * 60))
                await mailbox.pass(.seconds(16 * 60))
                let requests = mailbox.server.requests
                #expect(requests.map { $0.headers["If-None-Match"] } == [nil, "W/\"a b\"", "W/\"a b\""])
                #expect(requests.map { $0.headers["If-Modified-Since"] } == [nil, date, date])
                #expect(requests[0].headers["User-Agent"] == "Postroad (feed reader; +https://c.example/)")
                #expect(requests[0].headers["Accept"]?.hasPrefix("application/atom+xml, application/rss+xml") == true)
                #expect(mailbox.router.subjects == ["T1"])
            }
        }
    }

    @Test("a document that is no feed leaves the validators of the last one that was")
    func brokenDocument() async throws {
        try await withMailbox { mailbox in
            mailbox.server.answer("/f", 200, ["ETag": "\"good\""], rss(["1"]))
            try await mailbox.run(settings) { _ in
                await mailbox.passFirst()
                mailbox.server.answer("/f", 200, ["ETag": "\"bad\""], "<html><body>Log in</body></html>")
                await mailbox.pass(.seconds(16 * 60))
                mailbox.server.answer("/f", 200, ["ETag": "\"new\""], rss(["2", "1"]))
                await mailbox.pass(.seconds(6 * 60))
                #expect(mailbox.server.requests.map { $0.headers["If-None-Match"] } == [nil, "\"good\"", "\"good\""])
                #expect(mailbox.router.subjects == ["T1", "T2"])
            }
        }
    }

    @Test("the feed's and the server's own interval is kept")
    func intervals() async throws {
        try await withMailbox { mailbox in
            mailbox.server.answer("/f", 200, ["Cache-Control": "max-age=7200"], rss(["1"], ttl: 60))
            try await mailbox.run(settings) { _ in
                await mailbox.passFirst()
                await mailbox.pass(.seconds(118 * 60))
                #expect(mailbox.server.requests.count == 1)
                await mailbox.pass(.seconds(10 * 60))
                #expect(mailbox.server.requests.count == 2)
            }
        }
    }

    @Test(
        "Retry-After is obeyed in both its forms",
        arguments: [(429, "7200"), (503, "Sun, 07 Jan 2024 12:00:00 GMT")])
    func retryAfter(_ status: Int, _ value: String) async throws {
        try await withMailbox { mailbox in
            mailbox.server.answer("/f", status, ["Retry-After": value])
            try await mailbox.run(settings) { _ in
                await mailbox.passFirst()
                await mailbox.pass(.seconds(119 * 60))
                #expect(mailbox.server.requests.count == 1)
                await mailbox.pass(.seconds(3 * 60))
                #expect(mailbox.server.requests.count == 2)
            }
        }
    }

    @Test("failures are told once after three in a row, and the recovery too")
    func telling() async throws {
        try await withMailbox { mailbox in
            mailbox.server.answer("/f", 500)
            try await mailbox.run(settings) { _ in
                await mailbox.passFirst()
                await mailbox.pass(.seconds(6 * 60))
                #expect(mailbox.warnings.isEmpty && mailbox.health.status.state == .starting)
                await mailbox.pass(.seconds(12 * 60))
                await mailbox.pass(.seconds(24 * 60))
                #expect(mailbox.server.requests.count == 4)
                #expect(mailbox.warnings == ["feed fails"])
                #expect(mailbox.health.status.state == .failing(reason: "tech: the server answers 500"))
                mailbox.server.answer("/f", body: rss(["1"]))
                await mailbox.pass(.seconds(48 * 60))
                #expect(mailbox.log.events.contains { $0.name == "feed works again" })
                #expect(mailbox.health.status.state == .working(detail: "1 feed"))
            }
        }
    }

    @Test("a feed that is gone is not asked again until a restart or a reset")
    func gone() async throws {
        try await withMailbox { mailbox in
            mailbox.server.answer("/f", 410)
            try await mailbox.run(settings) { adapter in
                await mailbox.passFirst()
                await mailbox.pass(.seconds(30 * 86_400))
                #expect(mailbox.server.requests.count == 1 && mailbox.warnings == ["feed is polled no longer"])
                await adapter.reset()
                try await waitUntil { mailbox.server.requests.count == 2 }
                await mailbox.clock.waitForSleepers()
            }
            mailbox.server.answer("/f", body: rss(["1"]))
            try await mailbox.run(settings) { _ in
                await mailbox.passFirst()
                #expect(mailbox.router.subjects == ["T1"])
                #expect(mailbox.health.status.state == .working(detail: "1 feed"))
            }
        }
    }

    @Test("private addresses are refused unless they are allowed, and nobody is asked")
    func privateAddresses() async throws {
        try await withMailbox { mailbox in
            mailbox.server.answer("/f", body: rss(["1"]))
            try await mailbox.run("feeds: {tech: {url: ORIGIN/f, every: 1m}}") { _ in
                await mailbox.passFirst()
                for _ in 0..<3 { await mailbox.pass(.seconds(300)) }
                #expect(mailbox.server.requests.isEmpty && mailbox.router.arrivals.isEmpty)
                #expect(mailbox.log.text.contains("set allow_private: true"))
            }
        }
    }

    @Test("an answer beyond ten mebibytes is no answer")
    func tooLarge() async throws {
        try await withMailbox { mailbox in
            mailbox.server.answer("/f", body: rss(["1"]) + String(repeating: " ", count: 10 << 20))
            try await mailbox.run(settings) { _ in
                await mailbox.passFirst()
                #expect(mailbox.router.arrivals.isEmpty && mailbox.log.text.contains("10485760 bytes"))
            }
        }
    }

    @Test("the password in a feed's address is used, and does not get into the links of entries")
    func password() async throws {
        try await withMailbox { mailbox in
            mailbox.server.answer("/f", body: "<rss><channel><item><link>/1</link></item></channel></rss>")
            let place = mailbox.origin.replacing("http://", with: "http://ann:s3cret@")
            try await mailbox.run("{allow_private: true, feeds: {tech: {url: '\(place)/f'}}}") { _ in
                await mailbox.passFirst()
                #expect(mailbox.server.requests.first?.headers["Authorization"] == "Basic YW5uOnMzY3JldA==")
                #expect(mailbox.router.arrivals.first?.envelope.text == "<\(mailbox.origin)/1>")
                #expect(!mailbox.log.text.contains("s3cret"))
            }
        }
    }

    @Test("one feed of several that fails makes the mailbox degraded, not failing")
    func degraded() async throws {
        try await withMailbox { mailbox in
            mailbox.server.answer("/f", body: rss(["1"]))
            let yaml = "{allow_private: true, feeds: {a: {url: ORIGIN/f, every: 1m}, b: {url: ORIGIN/none, every: 1m}}}"
            try await mailbox.run(yaml) { _ in
                await mailbox.clock.waitForSleepers(2)
                for _ in 0..<8 {
                    mailbox.clock.advance(by: .seconds(120))
                    await mailbox.clock.waitForSleepers(2)
                }
                let reason = "b: the feed is not there (404); check the address"
                #expect(mailbox.health.status.state == .degraded(reason: reason))
                mailbox.server.answer("/none", body: rss(["1"]))
                await mailbox.pass(.seconds(86_400))
                await mailbox.clock.waitForSleepers(2)
                #expect(mailbox.health.status.state == .working(detail: "2 feeds"))
            }
        }
    }

    @Test("the key in a private feed's address is not logged")
    func secrets() async throws {
        try await withMailbox { mailbox in
            mailbox.server.answer("/f", 302, ["Location": "/f?key=s3cret"])
            mailbox.server.answer("/g", 301, ["Location": "gopher://user:s3cret@n.example/"])
            let yaml =
                "{allow_private: true, feeds: {tech: {url: 'ORIGIN/f?key=s3cret', every: 1m}, b: {url: ORIGIN/g, every: 1m}}}"
            try await mailbox.run(yaml) { _ in
                for _ in 0..<8 {
                    mailbox.clock.advance(by: .seconds(300))
                    await mailbox.clock.waitForSleepers(2)
                }
                #expect(mailbox.warnings == ["feed fails", "feed fails"])
                #expect(!mailbox.log.text.contains("s3cret"))
                #expect(!"\(mailbox.health.status.state)".contains("s3cret"))
            }
        }
    }
}
