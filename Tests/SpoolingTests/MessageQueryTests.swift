import Messages
import TestSupport
import Testing

@testable import Spooling

@Suite struct MessageQueryTests {
    private func fill(_ spool: SQLiteSpool, _ fixture: SpoolFixture, _ classes: [String]) async throws -> [MessageID] {
        var ids: [MessageID] = []
        for name in classes {
            var entry = try fixture.entry()
            entry.envelope.topic = try Topic(source: "api", class: name)
            entry.accepted = fixture.clock.now
            _ = try await spool.accept(entry)
            ids.append(entry.envelope.id)
            fixture.clock.advance(by: .seconds(60))
        }
        return ids
    }

    @Test("messages of a time and of topics are found in the order they were accepted in")
    func times() async throws {
        try await withSpool { spool, fixture in
            let start = fixture.clock.now
            let ids = try await fill(spool, fixture, ["a", "b/c", "a", "b/d"])
            let all = try await spool.messages(MessageQuery(), after: 0, limit: 10)
            #expect(all.messages.map(\.envelope.id) == ids && all.next == nil)
            let middle = MessageQuery(since: start + .seconds(60), until: start + .seconds(180))
            #expect(
                try await spool.messages(middle, after: 0, limit: 10).messages.map(\.envelope.id) == [ids[1], ids[2]])
            let topics = MessageQuery(topics: [try TopicPattern(parsing: "api:b/**")])
            #expect(
                try await spool.messages(topics, after: 0, limit: 10).messages.map(\.envelope.id) == [ids[1], ids[3]])
        }
    }

    @Test("pages together have every message once")
    func pages() async throws {
        try await withSpool { spool, fixture in
            let ids = try await fill(spool, fixture, ["a", "b", "a", "a", "b"])
            var found: [MessageID] = []
            var after: Int64? = 0
            var pages = 0
            while let start = after {
                let page = try await spool.messages(
                    MessageQuery(topics: [try TopicPattern(parsing: "api:a")]), after: start, limit: 2)
                found += page.messages.map(\.envelope.id)
                after = page.next
                pages += 1
                try #require(pages < 5)
            }
            #expect(found == [ids[0], ids[2], ids[3]])
        }
    }
}
