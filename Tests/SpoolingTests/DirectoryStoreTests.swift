import Files
import Messages
import SQLite
import Spooling
import TestSupport
import Testing

@Suite struct DirectoryStoreTests {
    private func subscribe(
        _ spool: SQLiteSpool, _ pattern: String, _ address: String, at seconds: Int64 = 1_000
    ) async throws -> Subscription {
        try await spool.subscribe(
            Address(parsing: address), to: TopicPattern(parsing: pattern), by: "operator",
            at: Timestamp(seconds: seconds))
    }

    @Test("a subscription is kept over a restart, once, under a number that is never given again")
    func subscriptions() async throws {
        try await withFixture { fixture in
            try await fixture.open { spool in
                let first = try await subscribe(spool, "news:**", "work:a")
                #expect(try await subscribe(spool, "news:**", "work:a", at: 2_000) == first)
                let second = try await subscribe(spool, "*:alert/*", "work:a")
                #expect([first.id, second.id] == [1, 2])
                #expect(try await spool.unsubscribe(second.id) == second)
                #expect(try await spool.unsubscribe(second.id) == nil)
            }
            try await fixture.open { spool in
                #expect(try await subscribe(spool, "news:x", "work:b").id == 3)
                let all = try await spool.subscriptions(after: 0, of: nil, limit: 10)
                #expect(
                    all.map { "\($0.id) \($0.pattern) \($0.address) \($0.creator)" } == [
                        "1 news:** work:a operator", "3 news:x work:b operator",
                    ])
                #expect(all[0].created == Timestamp(seconds: 1_000))
                #expect(try await spool.subscriptions(after: 1, of: nil, limit: 10).map(\.id) == [3])
                #expect(
                    try await spool.subscriptions(after: 0, of: Address(parsing: "work:b"), limit: 10).map(\.id) == [3])
                #expect(try await spool.subscriptions(after: 0, of: nil, limit: 1).map(\.id) == [1])
            }
        }
    }

    @Test("a row that cannot be read is left out, and the others stay")
    func unreadable() async throws {
        try await withFixture { fixture in
            try await fixture.open { spool in
                for user in ["a", "b", "c"] { _ = try await subscribe(spool, "news:**", "work:\(user)") }
            }
            let database = try Database(path: fixture.folder.appending("spool.db").text, mode: .writer)
            try database.execute("UPDATE subscriptions SET pattern = 'no pattern' WHERE id = 2")
            try await fixture.open { spool in
                let rows = try await spool.subscriptions(after: 0, of: nil, limit: 10)
                #expect(rows.map(\.id) == [1, 3])
            }
        }
    }

    @Test("lists and decisions about members are kept, and go together")
    func lists() async throws {
        try await withFixture { fixture in
            let time = Timestamp(seconds: 5)
            func membership(_ list: String, _ user: String, _ role: ListMembership.Role) throws -> ListMembership {
                ListMembership(
                    list: list, address: try Address(parsing: "work:\(user)"), role: role, isMuted: user == "b",
                    since: time, decider: "work:boss")
            }
            let team = ListRecord(name: "team", posting: "members", joining: "open", created: time)
            try await fixture.open { spool in
                try await spool.setList(ListRecord(name: "team", posting: "anyone", joining: "open", created: time))
                try await spool.setList(team)
                try await spool.setList(ListRecord(name: "all", posting: "anyone", joining: "owners", created: time))
                for user in ["b", "a"] { try await spool.setMembership(membership("team", user, .member)) }
                try await spool.setMembership(membership("team", "a", .left))
                try await spool.setMembership(membership("all", "z", .owner))
            }
            try await fixture.open { spool in
                #expect(try await spool.lists().map(\.name) == ["all", "team"])
                #expect(try await spool.lists().last == team)
                let all = try await spool.memberships(after: nil, limit: 10)
                let expected = try [
                    membership("all", "z", .owner), membership("team", "a", .left), membership("team", "b", .member),
                ]
                #expect(all == expected)
                #expect(try await spool.memberships(after: all[1], limit: 10) == [all[2]])
                try await spool.removeList("team")
                #expect(try await spool.memberships(after: nil, limit: 10) == [all[0]])
                #expect(try await spool.lists().map(\.name) == ["all"])
            }
        }
    }
}
