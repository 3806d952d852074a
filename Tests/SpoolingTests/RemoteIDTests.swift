import Messages
import Spooling
import TestSupport
import Testing

@Suite struct RemoteIDTests {
    @Test("a platform's id leads back to the message it stands for, on its way in and out")
    func origins() async throws {
        try await withSpool { spool, fixture in
            var entry = try fixture.entry(thread: "t", remoteID: "<1@example.org>")
            entry.envelope.replyTo = try Address(parsing: "mail:list@example.org")
            let number = try await spool.acceptOne(entry)
            _ = try await spool.begin([fixture.start(number)])
            try await spool.settle(fixture.settlement(number, .delivered(remoteIDs: ["1700.1"], detail: nil)))
            var expected = RemoteOrigin(
                message: entry.envelope.id, from: entry.envelope.from, replyTo: entry.envelope.replyTo, thread: "t",
                wasDelivered: false)
            #expect(try await spool.message(remoteID: "<1@example.org>", mailbox: "mail") == expected)
            expected.wasDelivered = true
            #expect(try await spool.message(remoteID: "1700.1", mailbox: "work") == expected)
            #expect(try await spool.message(remoteID: "1700.1", mailbox: "mail") == nil)
        }
    }

    @Test("all ids of a message are known with their addresses")
    func ids() async throws {
        try await withSpool { spool, fixture in
            let entry = try fixture.entry(to: ["work:C1", "peer!web:x"], remoteID: "<1@example.org>")
            for (index, number) in try await spool.accept(entry).numbers.enumerated() {
                _ = try await spool.begin([fixture.start(number)])
                try await spool.settle(fixture.settlement(number, .delivered(remoteIDs: ["id\(index)"], detail: nil)))
            }
            let ids = try await spool.remoteIDs(of: entry.envelope.id)
            #expect(ids.map(\.id) == ["<1@example.org>", "id0", "id1"])
            #expect(ids.map(\.mailbox) == ["mail", "work", "peer"])
            #expect(ids.map(\.address.description) == ["mail:ann@example.org", "work:C1", "peer!web:x"])
        }
    }

    @Test("an id that a platform uses again stands for the newest message")
    func again() async throws {
        try await withSpool { spool, fixture in
            _ = try await spool.accept(fixture.entry("1", remoteID: "same"))
            let second = try fixture.entry("2", remoteID: "same")
            _ = try await spool.accept(second)
            #expect(try await spool.message(remoteID: "same", mailbox: "mail")?.message == second.envelope.id)
        }
    }
}
