import AdapterKit
import Messages

/// Hands the posts of one poll to the router, as many as a poll may post.
struct FeedDelivery {
    let feed: FeedSubscription
    let context: AdapterContext
    let log: FeedLog

    /// Whether no more may be posted in this poll.
    var isFull = false
    /// The keys of posts that waited and need not any longer.
    private(set) var done: [String] = []
    /// The posts that have to wait, in their order.
    private(set) var left: [FeedPost] = []
    /// How long to leave the router alone, when it did not take a post.
    private(set) var pause: Duration?
    private var count = 0

    init(feed: FeedSubscription, context: AdapterContext, log: FeedLog) {
        self.feed = feed
        self.context = context
        self.log = log
    }

    /// Posts what waited; afterwards ``done`` has the keys of what went.
    mutating func post(_ waiting: [(key: String, post: FeedPost?)]) async throws {
        for (key, post) in waiting.prefix(feed.perPoll) {
            if let post, try await !accept(post) { return }
            if post == nil { log.unreadable(key) }
            done.append(key)
        }
    }

    /// Posts what is new; afterwards ``left`` has what has to wait.
    mutating func post(_ posts: [FeedPost]) async throws {
        for post in posts {
            if isFull || pause != nil || count >= feed.perPoll {
                left.append(post)
            } else if try await !accept(post) {
                left.append(post)
            }
        }
        if !left.isEmpty { log.waiting(left.count) }
    }

    /// Hands a post over; `false` when the router does not take it now.
    ///
    /// What it will never take is done with.
    private mutating func accept(_ post: FeedPost) async throws -> Bool {
        try Task.checkCancellation()
        do {
            let arrival = try post.arrival(feed: feed.name, context: context)
            _ = try await context.accept(arrival)
            count += 1
            return true
        } catch let error as AcceptError {
            if case .refused(let reason) = error {
                log.refused(post, reason: reason)
                return true
            }
            log.busy(error)
            if case .busy(let retryAfter) = error {
                pause = max(.seconds(1), min(retryAfter, .seconds(300)))
            } else {
                pause = context.spread(FeedPoller.pauseWhenBusy)
            }
            return false
        }
    }
}
