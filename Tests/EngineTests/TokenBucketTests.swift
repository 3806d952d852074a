import Engine
import Messages
import Testing

@Suite struct TokenBucketTests {
    private let start = Timestamp(seconds: 1_000)

    @Test("a full bucket gives its rate at once, then says when the next token is there")
    func burst() {
        var bucket = TokenBucket(rate: 5, per: .seconds(1))
        for _ in 0..<5 { #expect(bucket.take(at: start) == nil) }
        #expect(bucket.take(at: start) == start + .milliseconds(200))
        #expect(bucket.take(at: start + .milliseconds(200)) == nil)
    }

    @Test("over a long time the rate is kept")
    func rate() {
        var bucket = TokenBucket(rate: 10, per: .seconds(60))
        var taken = 0
        for second in 0..<3_600 where bucket.take(at: start + .seconds(second)) == nil { taken += 1 }
        #expect((600...610).contains(taken))
    }

    @Test("a clock that goes back neither fills nor empties the bucket")
    func backwards() {
        var bucket = TokenBucket(rate: 1, per: .seconds(10))
        #expect(bucket.take(at: start) == nil)
        #expect(bucket.take(at: start - .seconds(3_600)) != nil)
        #expect(bucket.take(at: start + .seconds(10)) == nil)
    }

    @Test("a drained bucket gives nothing before its time")
    func drained() {
        var bucket = TokenBucket(rate: 100, per: .seconds(1))
        bucket.drain(until: start + .seconds(30))
        #expect(bucket.take(at: start + .seconds(29)) != nil)
        #expect(bucket.take(at: start + .seconds(31)) == nil)
    }
}
