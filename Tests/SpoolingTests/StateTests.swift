import Spooling
import Testing

@Suite struct StateTests {
    @Test("a value is stored, replaced and removed, for one mailbox alone")
    func values() async throws {
        try await withSpool { spool, _ in
            try await spool.setStates([StateEntry(key: "cursor", value: [1])], mailbox: "news")
            try await spool.setStates([StateEntry(key: "cursor", value: [])], mailbox: "news")
            #expect(try await spool.state(mailbox: "news", key: "cursor") == [])
            #expect(try await spool.state(mailbox: "mail", key: "cursor") == nil)
            try await spool.setStates([StateEntry(key: "cursor", value: nil)], mailbox: "news")
            #expect(try await spool.state(mailbox: "news", key: "cursor") == nil)
        }
    }

    @Test("keys of a prefix are read page by page in their order")
    func prefix() async throws {
        try await withSpool { spool, _ in
            let keys = ["seen/b", "seen/a", "seen/é", "seem", "seen", "seen/c", "other"]
            try await spool.setStates(keys.map { StateEntry(key: $0, value: [7]) }, mailbox: "news")
            let first = try await spool.states(mailbox: "news", prefix: "seen/", after: nil, limit: 2)
            #expect(first.map(\.key) == ["seen/a", "seen/b"])
            let rest = try await spool.states(mailbox: "news", prefix: "seen/", after: "seen/b", limit: 9)
            #expect(rest.map(\.key) == ["seen/c", "seen/é"])
            #expect(try await spool.states(mailbox: "news", prefix: "", after: nil, limit: 99).count == 7)
        }
    }
}
