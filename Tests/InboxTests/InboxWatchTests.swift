import AdapterKit
import AdapterTestSupport
import Messages
import TestSupport
import Testing
import Transport

@testable import Inbox

@Suite struct InboxWatchTests {
    @Test("a page hears of messages as they come, and of those it missed")
    func resumes() async throws {
        try await withInbox { inbox in
            let first = try await inbox.deliver("one", number: 1)
            try await inbox.deliver("two", number: 2)
            let page = try await EventReader(inbox, lastEventID: first)
            try await #expect(page.next() == "two")
            try await inbox.deliver("three", number: 3)
            try await #expect(page.next() == "three")
            page.close()
        }
    }

    @Test("a page that was never here hears of what comes, not of what was")
    func fresh() async throws {
        try await withInbox { inbox in
            try await inbox.deliver("one", number: 1)
            let page = try await EventReader(inbox, lastEventID: nil)
            try await inbox.deliver("two", number: 2)
            try await #expect(page.next() == "two")
            page.close()
        }
    }

    @Test("the router's end is the end of the events")
    func ends() async throws {
        try await withInbox { inbox in
            let task = Task { try await inbox.adapter.run() }
            let page = try await EventReader(inbox, lastEventID: nil)
            task.cancel()
            _ = await task.result
            try await #expect(page.next() == nil)
            page.close()
        }
    }

    @Test("a slow page is cut off, so that it cannot hold up others, and there is a bound on pages")
    func bounds() async throws {
        try await withAdapterFixture(mailbox: "inbox") { fixture in
            let store = InboxStore(state: fixture.state, limit: 1_000, logger: fixture.context().logger)
            let slow = try #require(try await store.watch(after: nil))
            for number in 1...Int64(InboxStore.maximumWaiting + 1) {
                let dispatch = try fixture.dispatch(to: "ann", number: number)
                try await store.insert(
                    InboxMessage(
                        id: dispatch.idempotencyKey, recipient: dispatch.recipient, delivered: fixture.clock.now,
                        envelope: dispatch.envelope))
            }
            var count = 0
            for await _ in slow.events { count += 1 }
            #expect(count == InboxStore.maximumWaiting)
            for _ in 0..<InboxStore.maximumWatchers { _ = try await store.watch(after: nil) }
            try await #expect(store.watch(after: nil) == nil)
        }
    }
}

/// Reads server-sent events by a connection of its own, as the client reads bodies only whole.
final class EventReader: Sendable {
    private let connection: Connection
    private let lines: LineBuffer

    /// Asks for events and returns when the stream has begun.
    init(_ inbox: Mailbox, lastEventID: String?) async throws {
        let address = String(inbox.url.dropFirst("http://".count))
        connection = try await Connection.connect(to: SocketAddress(address), on: inbox.fixture.loops.next())
        lines = LineBuffer()
        let resume = lastEventID.map { "Last-Event-ID: \($0)\r\n" } ?? ""
        try await connection.write(Array("GET /inbox/events HTTP/1.1\r\nHost: \(address)\r\n\(resume)\r\n".utf8))
        while let line = try await line() {
            if line.hasPrefix("retry:") { return }
        }
    }

    /// The text of the next message; `nil` at the end.
    func next() async throws -> String? {
        while let line = try await line() {
            // The last chunk of the chunked coding has no bytes.
            if line == "0" { return nil }
            guard line.hasPrefix("data: ") else { continue }
            return try JSON(parsing: String(line.dropFirst(6)))["snippet"]?.string
        }
        return nil
    }

    func close() { connection.close() }

    private func line() async throws -> String? {
        while true {
            if let line = lines.next() { return line }
            guard let bytes = try await connection.read(timeout: .seconds(20)) else { return nil }
            lines.append(bytes)
        }
    }
}
