import AdapterKit
import Clocks
import Logging
import Messages

/// Polls one feed and posts what is new, until its task is cancelled.
///
/// The order within a poll: posts that wait from before; new entries, the oldest first, as many as one poll may post;
/// then, in one transaction, what was seen, what has to wait, and what to ask with the next time. A crash before that
/// transaction repeats the poll, and the router knows the entries it has already by their keys.
struct FeedPoller: Sendable {
    /// So many failures in a row are told; fewer happen to everybody.
    static let failuresToTell = 3
    /// How long to wait with posts that the router did not take, unless it says.
    static let pauseWhenBusy = Duration.seconds(30)

    let feed: FeedSubscription
    let source: any FeedSource
    let context: AdapterContext
    let board: FeedBoard
    let bell: FeedBell

    private var store: FeedStore { FeedStore(context.state, feed: feed.name) }
    private var logger: FeedLog { FeedLog(logger: context.logger.with(["feed": feed.name])) }

    /// Polls until the task is cancelled.
    ///
    /// - Throws: what the state store throws; `CancellationError`.
    func run() async throws {
        var state = try await store.load()
        state.settle(on: feed.placeText, every: feed.schedule.every, now: context.clock.now)
        if state.isTold {
            board.failing(feed.name, reason: "it failed \(state.failures) times in a row")
        } else if state.isKnown {
            board.working(feed.name)
        }
        var wake = state.nextPoll ?? context.clock.now + firstPause
        while true {
            if try await isRung(before: wake) {
                state.failures = 0
                state.nextPoll = nil
            }
            (state, wake) = try await turn(state)
        }
    }

    /// Sleeps until a time, in pieces that every clock can count; returns whether somebody rang before.
    private func isRung(before wake: Timestamp) async throws -> Bool {
        repeat {
            let pause = min(wake - context.clock.now, .seconds(86_400))
            if try await bell.sleep(for: pause, on: context.clock) { return true }
        } while context.clock.now < wake
        return false
    }

    /// A new feed is asked soon, but not all of them in the same instant.
    private var firstPause: Duration {
        min(feed.schedule.every * 0.1, .seconds(10)) * context.chance()
    }

    /// Posts what waits, and polls when it is time; returns when to wake up.
    private func turn(_ state: FeedState) async throws -> (FeedState, Timestamp) {
        var delivery = FeedDelivery(feed: feed, context: context, log: logger)
        let waiting = try await store.waiting(limit: feed.perPoll + 1)
        try await delivery.post(waiting)
        if let pause = delivery.pause {
            let state = try await store.save(state, done: delivery.done)
            return (state, context.clock.now + pause)
        }
        if let next = state.nextPoll, next > context.clock.now {
            return (delivery.done.isEmpty ? state : try await store.save(state, done: delivery.done), next)
        }
        delivery.isFull = waiting.count > feed.perPoll
        let (after, pause) = try await poll(state, &delivery)
        let next = after.nextPoll ?? .distantFuture
        return (after, pause.map { min(next, context.clock.now + $0) } ?? next)
    }

    private func poll(_ state: FeedState, _ delivery: inout FeedDelivery) async throws -> (FeedState, Duration?) {
        do {
            let reading = try await source.read(state)
            return try await succeed(reading, state, &delivery)
        } catch let fault as FetchFault {
            return (try await store.save(failed(fault, state), done: delivery.done), nil)
        }
    }

    // MARK: - Success

    private func succeed(
        _ reading: FeedReading, _ old: FeedState, _ delivery: inout FeedDelivery
    ) async throws -> (FeedState, Duration?) {
        let now = context.clock.now
        var state = recovered(old)
        if let target = state.notePermanentTarget(reading.permanent, now: now) {
            logger.moved(to: target)
        }
        state.entityTag = reading.entityTag
        state.lastModified = reading.lastModified
        state.digest = reading.digest
        state.lastSuccess = now
        var news = FeedNews()
        if let document = reading.document {
            if let fault = document.fault { logger.mended(fault) }
            state.hints = document.hints
            news = try await harvest(document, old, now: now)
            try await delivery.post(posts(of: news, document, isFirst: !old.isKnown, now: now))
            state.isKnown = true
        }
        state.nextPoll = feed.schedule.next(
            after: now, hints: state.hints, lifetime: reading.lifetime, chance: context.chance())
        if state.hints.isFinished { state.nextPoll = now + FeedSchedule.longestRetryAfter }
        state = try await store.save(
            state, seen: news.changes + news.fresh.map(\.seen), forgotten: news.forgotten, waiting: delivery.left,
            done: delivery.done)
        return (state, delivery.pause)
    }

    private func harvest(_ document: FeedDocument, _ old: FeedState, now: Timestamp) async throws -> FeedNews {
        var memory = FeedMemory(try await store.seenEntries())
        // Three polls missed, or six hours: by then a busy feed may be all new.
        let gap = max(feed.schedule.every * 3, .seconds(6 * 3_600))
        let isContinuous = old.lastSuccess.map { now - $0 <= gap } ?? false
        let news = try memory.take(document.entries, now: now, isContinuous: isContinuous)
        if news.renamed > 0 { logger.renamed(news.renamed) }
        return news
    }

    /// What is posted of the news, the oldest first; of the first document only the newest entries.
    private func posts(of news: FeedNews, _ document: FeedDocument, isFirst: Bool, now: Timestamp) -> [FeedPost] {
        let fresh = news.fresh.filter { feed.filter.allows($0.entry) }
        let posted = isFirst ? fresh.suffix(feed.newest) : fresh[...]
        let edited = feed.postsUpdates ? news.edited.filter { feed.filter.allows($0.entry) } : []
        func post(_ entry: IdentifiedEntry, isEdit: Bool) -> FeedPost {
            FeedPost(entry, feedTitle: document.title, text: feed.text, isEdit: isEdit, now: now)
        }
        return posted.map { post($0, isEdit: false) } + edited.map { post($0, isEdit: true) }
    }

    private func recovered(_ old: FeedState) -> FeedState {
        var state = old
        if state.isTold { logger.recovered(after: state.failures) }
        state.failures = 0
        state.isTold = false
        board.working(feed.name)
        return state
    }

    // MARK: - Failure

    private func failed(_ fault: FetchFault, _ old: FeedState) -> FeedState {
        var state = old
        let now = context.clock.now
        state.failures += 1
        if fault == .gone {
            // Asked again after a restart, a reset or a change of the address.
            board.failing(feed.name, reason: fault.description)
            logger.gone(fault)
            state.isTold = true
            state.nextPoll = .distantFuture
            return state
        }
        state.nextPoll = feed.schedule.retry(
            after: now, failures: state.failures, retryAfter: fault.retryAfter, chance: context.chance())
        logger.failed(fault, failures: state.failures)
        if state.failures >= Self.failuresToTell {
            state.returnToPlace()
            board.failing(feed.name, reason: fault.description)
            if !state.isTold { logger.failing(fault, failures: state.failures) }
            state.isTold = true
        }
        return state
    }
}

extension Timestamp {
    /// The end of the year 9999.
    static let distantFuture = CivilDate(year: 9999, month: 12, day: 31).timestamp
}
