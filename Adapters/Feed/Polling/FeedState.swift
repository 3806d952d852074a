import Messages

/// What is remembered of a feed from poll to poll, apart from its entries.
struct FeedState: Sendable, Hashable {
    /// The place that is configured; when it changes the rest is void.
    var place = ""
    /// The time between polls that is configured.
    var every = Duration.zero
    /// Where the feed has moved to for good.
    var movedTo: String?
    /// A permanent redirection that was seen, but not yet often and long enough to be believed.
    var move: PendingMove?
    /// `ETag` of the last document, as it was sent.
    var entityTag: String?
    /// `Last-Modified` of the last document, as it was sent.
    var lastModified: String?
    /// A digest of the last document.
    var digest: String?
    /// Whether a document was read, so that what is not known is new.
    var isKnown = false
    /// The failures in a row.
    var failures = 0
    /// Whether somebody was told of them.
    var isTold = false
    /// When to ask next.
    var nextPoll: Timestamp?
    /// When it was read last.
    var lastSuccess: Timestamp?
    /// What the feed says about how often to ask.
    var hints = FeedHints()
    /// The number of the next post that has to wait.
    var sequence: Int64 = 0

    /// The place to ask.
    var current: String { movedTo ?? place }
}

/// A permanent redirection on probation: a parking page or a login redirects "permanently" too.
struct PendingMove: Sendable, Hashable {
    /// How often it must be seen.
    static let requiredCount = 3
    /// How long it must last.
    static let requiredTime = Duration.seconds(86_400)

    var target: String
    var count: Int
    var since: Timestamp

    /// Whether it is to be believed at this time.
    func isSettled(at now: Timestamp) -> Bool {
        count >= Self.requiredCount && now - since >= Self.requiredTime
    }
}

extension FeedState {
    /// Takes note of where only permanent redirections led to; returns the new place when the feed has moved.
    mutating func notePermanentTarget(_ target: String, now: Timestamp) -> String? {
        guard target != current else {
            move = nil
            return nil
        }
        if move?.target == target {
            move?.count += 1
        } else {
            move = PendingMove(target: target, count: 1, since: now)
        }
        guard move?.isSettled(at: now) == true else { return nil }
        movedTo = target
        move = nil
        return target
    }

    /// Forgets what belongs to another place, if the configured one is new; what was seen stays.
    ///
    /// Forgets when to ask, if
    /// the configured interval is new or the clock was set back, and of a feed that is gone.
    mutating func settle(on place: String, every: Duration, now: Timestamp) {
        if self.place != place {
            self = FeedState(sequence: sequence)
            self.place = place
        }
        let isFar = nextPoll.map { $0 - now > FeedSchedule.longestRetryAfter * 1.1 } ?? false
        if self.every != every || isFar { nextPoll = nil }
        self.every = every
    }

    /// Goes back to the configured place, when the one the feed had moved to fails.
    mutating func returnToPlace() {
        guard movedTo != nil else { return }
        movedTo = nil
        entityTag = nil
        lastModified = nil
    }
}
