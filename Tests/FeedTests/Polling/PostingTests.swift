import AdapterKit
import Clocks
import Logging
import Messages
import TestSupport
import Testing
import Transport

@testable import Feed

@Suite("What a feed's mailbox posts")
struct PostingTests {
    private let settings = "{allow_private: true, feeds: {tech: {url: ORIGIN/f, every: 15m}}}"

    @Test("the first poll posts the newest entry, later ones what is new, the oldest first")
    func newest() async throws {
        try await withMailbox { mailbox in
            mailbox.server.answer("/f", body: rss(["3", "2", "1"]))
            try await mailbox.run(settings) { _ in
                await mailbox.passFirst()
                #expect(mailbox.router.subjects == ["T3"])
                mailbox.server.answer("/f", body: rss(["5", "1", "4", "3"]))
                await mailbox.pass(.seconds(16 * 60))
                #expect(mailbox.router.subjects == ["T3", "T4", "T5"])
                await mailbox.pass(.seconds(16 * 60))
                #expect(mailbox.router.subjects.count == 3 && mailbox.server.requests.count == 3)
                #expect(mailbox.health.status.state == .working(detail: "1 feed"))
            }
        }
    }

    @Test(
        "how many entries the first poll posts is a setting",
        arguments: [(0, []), (2, ["T2", "T3"]), (9, ["T1", "T2", "T3"])])
    func newestSetting(_ newest: Int, _ subjects: [String]) async throws {
        try await withMailbox { mailbox in
            mailbox.server.answer("/f", body: rss(["3", "2", "1"]))
            try await mailbox.run("{allow_private: true, feeds: {tech: {url: ORIGIN/f, newest: \(newest)}}}") { _ in
                await mailbox.passFirst()
                #expect(mailbox.router.subjects == subjects)
            }
        }
    }

    @Test("an entry becomes an envelope of its feed")
    func envelope() async throws {
        try await withMailbox { mailbox in
            mailbox.server.answer(
                "/f",
                body: """
                    <rss version="2.0"><channel><title>The N</title><item><title>A &amp; B</title><link>/p/1</link>
                    <guid isPermaLink="false">g1</guid><pubDate>Tue, 02 Jan 2024 15:04:05 GMT</pubDate><author>a@n.example (Ann)</author>
                    <category>x</category><description>&lt;p&gt;Hello &lt;b&gt;you&lt;/b&gt;&lt;/p&gt;</description>
                    <enclosure url="https://n.example/a.mp3" length="12" type="audio/mpeg"/></item></channel></rss>
                    """)
            try await mailbox.run(settings) { _ in await mailbox.passFirst() }
            let arrival = try #require(mailbox.router.arrivals.first)
            let key = try #require(arrival.eventKey)
            var envelope = arrival.envelope
            envelope.id = MessageID(high: 0, low: 0)
            let expected = """
                {"id":"00000000-0000-0000-0000-000000000000","time":"2024-01-02T15:04:05.000Z","from":"news:tech","topic":"news:tech",\
                "kind":"message","subject":"A & B","parts":[{"type":"text","text":"Hello **you**\\n\\n<ORIGIN/p/1>","format":"markdown"}],\
                "thread":"\(key)","sender":{"name":"Ann","auto":true},"meta":{"link":"ORIGIN/p/1","author":"Ann","tags":["x"],\
                "published":"2024-01-02T15:04:05.000Z","feed_title":"The N","entry_id":"g1","identified_by":"id",\
                "enclosures":[{"url":"https://n.example/a.mp3","media_type":"audio/mpeg","size":12}]}}
                """
            #expect(
                String(decoding: envelope.encoded(), as: UTF8.self)
                    == expected.replacing("ORIGIN", with: mailbox.origin))
            #expect(arrival.remoteID == key && key.hasPrefix("tech/"))
        }
    }

    @Test("what is beyond the limit of a poll comes with the next ones, even if the feed drops it meanwhile")
    func perPoll() async throws {
        try await withMailbox { mailbox in
            mailbox.server.answer("/f", body: rss(["1"]))
            try await mailbox.run("{allow_private: true, feeds: {tech: {url: ORIGIN/f, per_poll: 2}}}") { _ in
                await mailbox.passFirst()
                mailbox.server.answer("/f", body: rss(["6", "5", "4", "3", "2"]))
                await mailbox.pass(.seconds(3_600))
                #expect(mailbox.router.subjects == ["T1", "T2", "T3"])
                mailbox.server.answer("/f", body: rss(["7"]))
                await mailbox.pass(.seconds(3_600))
                #expect(mailbox.router.subjects.suffix(2) == ["T4", "T5"])
                await mailbox.pass(.seconds(3_600))
                await mailbox.pass(.seconds(3_600))
                #expect(mailbox.router.subjects == ["T1", "T2", "T3", "T4", "T5", "T6", "T7"])
                #expect(!mailbox.store.keys.contains { $0.hasPrefix("waiting/") })
            }
        }
    }

    @Test("a changed entry is posted as an edit only when that is wanted", arguments: [true, false])
    func updates(_ isWanted: Bool) async throws {
        try await withMailbox { mailbox in
            mailbox.server.answer("/f", body: rss(["1"]))
            try await mailbox.run("{allow_private: true, feeds: {tech: {url: ORIGIN/f, updates: \(isWanted)}}}") { _ in
                await mailbox.passFirst()
                mailbox.server.answer("/f", body: rss(["1"], text: "changed"))
                await mailbox.pass(.seconds(3_600))
                await mailbox.pass(.seconds(3_600))
                let envelopes = mailbox.router.arrivals.map(\.envelope)
                #expect(envelopes.map(\.kind) == (isWanted ? [.message, .edit] : [.message]))
                #expect(Set(envelopes.map(\.thread)).count == 1)
                if isWanted { #expect(envelopes[1].text == "changed" && envelopes[1].inReplyTo == envelopes[0].thread) }
            }
        }
    }

    @Test("words decide what is posted, and what they keep out is not posted later")
    func filter() async throws {
        try await withMailbox { mailbox in
            mailbox.server.answer("/f", body: rss(["b2", "a1", "c9", "b1"]))
            let settings =
                "{allow_private: true, feeds: {tech: {url: ORIGIN/f, newest: 9, include: [TB, tc], exclude: 'title:b1'}}}"
            try await mailbox.run(settings) { _ in
                await mailbox.passFirst()
                #expect(mailbox.router.subjects == ["Tc9", "Tb2"])
            }
        }
    }

    @Test("a feed whose address changes is read as for the first time")
    func changedAddress() async throws {
        try await withMailbox { mailbox in
            mailbox.server.answer("/f", 200, ["ETag": "\"1\""], rss(["1"]))
            mailbox.server.answer("/g", 200, ["ETag": "\"1\""], rss(["9", "8", "1"]))
            try await mailbox.run(settings) { _ in await mailbox.passFirst() }
            try await mailbox.run("{allow_private: true, feeds: {tech: {url: ORIGIN/g, every: 15m}}}") { _ in
                await mailbox.passFirst()
                #expect(mailbox.router.subjects == ["T1", "T9"])
            }
        }
    }
}

extension FeedServer {
    /// Sets a feed as the answer to a path.
    func answer(_ path: String, body: String) { answer(path, 200, [:], body) }
}
