import Clocks
import Logging
import TestSupport
import Testing
import Transport

@testable import Feed

@Suite("Feeds that move")
struct RedirectionTests {
    private let settings = "{allow_private: true, feeds: {tech: {url: ORIGIN/f, every: 15m}}}"

    @Test("a permanent redirection is followed, and believed after three polls over a day")
    func moved() async throws {
        try await withMailbox { mailbox in
            mailbox.server.answer("/f", 301, ["Location": "/g"])
            mailbox.server.answer("/g", 308, ["Location": "/h"])
            mailbox.server.answer("/h", body: rss(["1"]))
            try await mailbox.run(settings) { _ in
                await mailbox.passFirst()
                #expect(mailbox.server.paths == ["/f", "/g", "/h"] && mailbox.router.subjects == ["T1"])
                await mailbox.pass(.seconds(3_600))
                await mailbox.pass(.seconds(3_600))
                #expect(mailbox.server.paths.suffix(3) == ["/f", "/g", "/h"])
                await mailbox.pass(.seconds(86_400))
                #expect(mailbox.warnings == ["feed has moved for good; set its new address"])
                await mailbox.pass(.seconds(3_600))
                #expect(mailbox.server.paths.suffix(2) == ["/h", "/h"])
            }
        }
    }

    @Test("a temporary redirection is followed each time and never believed", arguments: [302, 303, 307])
    func temporary(_ status: Int) async throws {
        try await withMailbox { mailbox in
            mailbox.server.answer("/f", status, ["Location": "/g"])
            mailbox.server.answer("/g", body: rss(["1"]))
            try await mailbox.run(settings) { _ in
                await mailbox.passFirst()
                for _ in 0..<4 { await mailbox.pass(.seconds(86_400)) }
                #expect(mailbox.server.paths == [[String]](repeating: ["/f", "/g"], count: 5).flatMap { $0 })
            }
        }
    }

    @Test("when the new place fails the old one is asked again")
    func movedBack() async throws {
        try await withMailbox { mailbox in
            mailbox.server.answer("/f", 301, ["Location": "/g"])
            mailbox.server.answer("/g", body: rss(["1"]))
            try await mailbox.run(settings) { _ in
                await mailbox.passFirst()
                for _ in 0..<3 { await mailbox.pass(.seconds(86_400)) }
                mailbox.server.answer("/f", body: rss(["2"]))
                mailbox.server.answer("/g", 404)
                for _ in 0..<4 { await mailbox.pass(.seconds(3_600)) }
                #expect(mailbox.server.paths.last == "/f" && mailbox.router.subjects == ["T1", "T2"])
            }
        }
    }

    @Test("a loop of redirections is a failure and ends")
    func loop() async throws {
        try await withMailbox { mailbox in
            mailbox.server.answer("/f", 301, ["Location": "/g"])
            mailbox.server.answer("/g", 301, ["Location": "/f"])
            try await mailbox.run(settings) { _ in
                await mailbox.passFirst()
                #expect(mailbox.server.paths == ["/f", "/g"])
                #expect(mailbox.log.text.contains("redirections lead back"))
            }
        }
    }
}
