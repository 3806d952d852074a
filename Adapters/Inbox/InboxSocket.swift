import Messages
import Transport

/// Tells one open page of what comes in, by a WebSocket: a text for each line of the list.
struct InboxSocket: Sendable {
    /// A page says nothing, and little of that.
    static let configuration = WebSocketConfiguration(messageLimit: 1_024)

    let store: InboxStore
    /// The last message that the page knows.
    let last: String?

    /// Writes until the page is gone, or the router stops.
    ///
    /// - Throws: `WebSocketError` when the page is gone, and what the store says.
    func run(_ socket: WebSocket) async throws {
        guard let (number, events) = try await store.watch(after: last) else {
            return await socket.close(.tryAgainLater, reason: "too many pages watch this mailbox")
        }
        do {
            try await withThrowingTaskGroup(of: Void.self) { tasks in
                tasks.addTask { try await Self.write(events, to: socket) }
                if try await socket.receive() != nil {
                    await socket.close(.unsupportedData, reason: "a page has nothing to say here")
                }
                tasks.cancelAll()
            }
        } catch {
            await store.unwatch(number)
            throw error
        }
        await store.unwatch(number)
    }

    private static func write(_ events: AsyncStream<InboxSummary>, to socket: WebSocket) async throws {
        for await line in events {
            try await socket.send(String(decoding: line.line, as: UTF8.self))
        }
        // The page was too slow, or the router stops: it comes back and says what it has.
        await socket.close(.goingAway)
    }
}
