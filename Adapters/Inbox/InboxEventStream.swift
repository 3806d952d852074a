import Clocks
import Transport

/// Writes what comes in to one open page, as server-sent events (HTML standard §9.2).
struct InboxEventStream: Sendable {
    /// How often a line goes out when nothing happens, so that proxies and the router see whether the page is there.
    static let pause: Duration = .seconds(15)

    let store: InboxStore
    let number: Int
    let events: AsyncStream<InboxStore.Event>
    let clock: any WallClock

    /// Writes until the page is gone, or the router stops.
    ///
    /// - Throws: `TransportError` when the page is gone.
    func write(to writer: HTTPBodyWriter) async throws {
        do {
            try await withThrowingTaskGroup(of: Void.self) { tasks in
                tasks.addTask {
                    while !Task.isCancelled {
                        try await clock.sleep(for: Self.pause)
                        await store.tick(number)
                    }
                }
                try await writer.write("retry: 2000\n\n")
                for await event in events {
                    if writer.isDraining { break }
                    try await writer.write(Self.text(of: event))
                }
                tasks.cancelAll()
            }
        } catch is CancellationError {
            // The clock's sleep was ended above, or the page went away: both are the usual end.
        } catch {
            await store.unwatch(number)
            throw error
        }
        await store.unwatch(number)
    }

    private static func text(of event: InboxStore.Event) -> [UInt8] {
        switch event {
        case .tick: Array(": \n\n".utf8)
        case .delivered(let line): Array("id: \(line.id)\nevent: message\ndata: ".utf8) + line.line + Array("\n\n".utf8)
        }
    }
}
