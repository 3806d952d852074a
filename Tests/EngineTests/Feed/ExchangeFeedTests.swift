import Messages
import TestSupport
import Testing

@testable import Engine

@Suite struct ExchangeFeedTests {
    private let feed = ExchangeFeed(started: Timestamp(seconds: 1))

    private func tell(_ count: Int) throws {
        let subject = try ExchangeEvent.Subject(.sample())
        for attempt in 1...count {
            let target = ExchangeEvent.Target(
                dispatch: 4_096, recipient: try Address(parsing: "inbox:ann"), attempt: attempt)
            feed.tell(.delivered(target, detail: nil), of: subject, at: feed.started)
        }
    }

    private func numbers(_ events: AsyncStream<ExchangeEvent>) async -> [Int64] {
        var numbers: [Int64] = []
        for await event in events { numbers.append(event.number) }
        return numbers
    }

    @Test("a watcher hears of what comes, in its order, until the router stops")
    func fresh() async throws {
        try tell(2)
        let events = try #require(feed.watch()).events
        try tell(3)
        feed.close()
        #expect(await numbers(events) == [3, 4, 5])
    }

    @Test(
        "one that comes back hears of what it missed, as far as that is remembered",
        arguments: [0, 5, 1_100, 2_000, 9_999])
    func resumed(last: Int) async throws {
        try tell(2_000)
        let watch = try #require(feed.watch(after: Int64(last)))
        feed.close()
        let seen = last > 2_000 ? 0 : last
        let first = max(seen + 1, 2_000 - ExchangeFeed.memory + 1)
        #expect(await numbers(watch.events) == (first <= 2_000 ? (first...2_000).map(Int64.init) : []))
        #expect(watch.missed == Int64(first - 1 - seen), "what is no longer remembered is counted")
        #expect(watch.last == Int64(first - 1))
    }

    @Test("a slow one is cut off, and the others hear everything")
    func slow() async throws {
        let slow = try #require(feed.watch()).events
        try tell(ExchangeFeed.memory)
        let quick = try #require(feed.watch()).events
        try tell(1)
        #expect(await numbers(slow).count == ExchangeFeed.memory)
        feed.close()
        #expect(await numbers(quick) == [Int64(ExchangeFeed.memory) + 1])
    }

    @Test("there is a bound on watchers, and those who leave make room")
    func bound() async throws {
        var streams = (0..<ExchangeFeed.maximumWatchers).compactMap { _ in feed.watch() }
        #expect(streams.count == ExchangeFeed.maximumWatchers && feed.watch() == nil)
        streams.removeLast()
        #expect(feed.watch() != nil)
    }
}
