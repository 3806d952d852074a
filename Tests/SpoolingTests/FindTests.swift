import Messages
import TestSupport
import Testing

@testable import Spooling

@Suite struct FindTests {
    @Test("a message is found by the beginning of its id, with dashes and without, in any case")
    func prefix() async throws {
        try await withSpool { spool, fixture in
            let entry = try fixture.entry()
            _ = try await spool.accept(entry)
            let id = entry.envelope.id.description
            for text in [
                id, String(id.prefix(8)), String(id.prefix(13)), id.uppercased(), id.filter { $0 != "-" },
            ] {
                #expect(try await spool.find(text, limit: 10).map(\.message) == [entry.envelope.id], "\(text)")
            }
            for text in ["", String(id.prefix(7)), "\(id)0", "zzzzzzzz", "00000000"] {
                #expect(try await spool.find(text, limit: 10).isEmpty, "\(text)")
            }
        }
    }

    @Test("a message is found by a dispatch's number, a platform's id, a key and an idempotency key of any client")
    func keys() async throws {
        try await withSpool { spool, fixture in
            var ids: [MessageID] = []
            for client in ["ann", "bo", "ci"] {
                var entry = try fixture.entry()
                let key = "key \(client) order \(client)-47"
                entry.dedupe = DedupeKey(scope: "api", key: key, expires: fixture.clock.now + .seconds(60))
                entry.remoteID = "<\(client)@example.org>"
                guard case .accepted(let numbers) = try await spool.accept(entry) else {
                    Issue.record("it was not taken")
                    return
                }
                ids.append(entry.envelope.id)
                for text in ["order \(client)-47", key, "<\(client)@example.org>", "\(numbers[0])"] {
                    #expect(try await spool.find(text, limit: 10).map(\.message) == [entry.envelope.id], "\(text)")
                }
            }
            #expect(try await spool.find("order", limit: 10).isEmpty)
        }
    }

    @Test("of many that fit the newest are told")
    func limit() async throws {
        try await withSpool { spool, fixture in
            for _ in 0..<5 { _ = try await spool.accept(fixture.entry()) }
            let id = try fixture.entry().envelope.id.description
            let all = try await spool.find(String(id.prefix(8)), limit: 3)
            #expect(all.count == 3)
        }
    }

    @Test("who handed a message in is told by its trace")
    func client() async throws {
        try await withSpool { spool, fixture in
            var entry = try fixture.entry()
            entry.client = "ci from 192.0.2.7"
            _ = try await spool.accept(entry)
            #expect(try await spool.trace(of: entry.envelope.id)?.client == "ci from 192.0.2.7")
        }
    }
}
