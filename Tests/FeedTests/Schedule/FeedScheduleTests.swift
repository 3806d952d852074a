import Messages
import Testing

@testable import Feed

@Suite("When to ask again")
struct FeedScheduleTests {
    private let schedule = FeedSchedule(every: .seconds(900))
    /// A Sunday, 10:15.
    private let now = CivilDate(year: 2024, month: 1, day: 7, hour: 10, minute: 15).timestamp

    private func minutes(_ time: Timestamp) -> Int64 { (time - now).components.seconds / 60 }

    @Test(
        "the longest of the operator's, the feed's and the server's interval counts, up to a day",
        arguments: [
            (nil, nil, 15), (60, nil, 60), (5, nil, 15), (nil, 120, 120), (60, 120, 120), (100_000, nil, 1_440),
        ]
            as [(Int?, Int?, Int64)])
    func intervals(_ ttl: Int?, _ lifetime: Int?, _ expected: Int64) {
        var hints = FeedHints()
        hints.interval = ttl.map { .seconds($0 * 60) }
        let next = schedule.next(after: now, hints: hints, lifetime: lifetime.map { .seconds($0 * 60) }, chance: 0)
        #expect(minutes(next) == expected)
    }

    @Test("chance delays a poll by a twentieth at most")
    func chance() {
        #expect(schedule.next(after: now, hints: FeedHints(), lifetime: nil, chance: 1) == now + .seconds(945))
    }

    @Test("hours and days that the feed excludes are left out")
    func skipped() {
        var hints = FeedHints()
        hints.skippedHours = [10, 11]
        #expect(minutes(schedule.next(after: now, hints: hints, lifetime: nil, chance: 0)) == 105)
        hints.skippedDays = [0]
        #expect(minutes(schedule.next(after: now, hints: hints, lifetime: nil, chance: 0)) == 13 * 60 + 45)
        hints.skippedHours = Set(0..<24)
        #expect(minutes(schedule.next(after: now, hints: hints, lifetime: nil, chance: 0)) == 15)
    }

    @Test(
        "waits double from failure to failure, up to a day",
        arguments: [(1, 5), (2, 10), (3, 20), (8, 640), (9, 1_280), (10, 1_440), (1_000_000, 1_440)] as [(Int, Int64)])
    func backoff(_ failures: Int, _ expected: Int64) {
        #expect(minutes(schedule.retry(after: now, failures: failures, retryAfter: nil, chance: 0.5)) == expected)
    }

    @Test("a failure is tried again no sooner than Retry-After, which is a week at most")
    func retryAfter() {
        #expect(minutes(schedule.retry(after: now, failures: 1, retryAfter: .seconds(7_200), chance: 0.5)) == 120)
        #expect(minutes(schedule.retry(after: now, failures: 1, retryAfter: .seconds(60), chance: 0)) == 4)
        #expect(minutes(schedule.retry(after: now, failures: 1, retryAfter: .seconds(9_999_999), chance: 0)) == 10_080)
    }

    @Test("a feed that is polled every minute is retried after a minute")
    func frequent() {
        let retry = FeedSchedule(every: .seconds(60)).retry(after: now, failures: 1, retryAfter: nil, chance: 0.5)
        #expect(minutes(retry) == 1)
    }

    @Test(
        "Retry-After is a number of seconds or a date",
        arguments: [
            ("120", 120), (" 7 ", 7), ("Sun, 07 Jan 2024 10:16:00 GMT", 60), ("Sunday, 07-Jan-24 10:16:00 GMT", 60),
            ("Sun Jan  7 10:16:00 2024", 60), ("Sun, 07 Jan 2024 10:00:00 GMT", 0), ("soon", nil), ("", nil),
            (nil, nil),
        ] as [(String?, Int64?)])
    func retryAfterForms(_ value: String?, _ seconds: Int64?) {
        #expect(AnswerTimes.retryAfter(value, now: now)?.components.seconds == seconds)
    }

    @Test(
        "an answer is fresh as long as max-age or else Expires says",
        arguments: [
            ("max-age=60", nil, 60), ("public, Max-Age=\"90\"", nil, 90), ("no-cache, max-age=60", nil, nil),
            (nil, "Sun, 07 Jan 2024 10:16:00 GMT", 60), ("max-age=5", "Sun, 07 Jan 2024 10:16:00 GMT", 5),
            (nil, "0", nil),
            (nil, nil, nil), ("max-age=x", nil, nil),
        ] as [(String?, String?, Int64?)])
    func lifetimes(_ cacheControl: String?, _ expires: String?, _ seconds: Int64?) {
        let lifetime = AnswerTimes.lifetime(cacheControl: cacheControl, expires: expires, now: now)
        #expect(lifetime?.components.seconds == seconds)
    }
}
