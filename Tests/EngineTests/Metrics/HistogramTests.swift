import Testing

@testable import Engine

@Suite struct HistogramTests {
    @Test("a duration counts in the first bucket whose bound it does not pass, and in all after it")
    func buckets() {
        let histogram = Histogram(bounds: [0.001, 0.01, 1])
        for duration in [Duration.zero, .milliseconds(1), .microseconds(1_001), .milliseconds(500), .seconds(2)] {
            histogram.observe(duration)
        }
        #expect(histogram.cumulativeCounts == [2, 3, 4, 5])
        #expect(abs(histogram.totalSeconds - 2.502_001) < 0.000_001)
    }

    @Test("a negative duration counts as none, an endless one in the last bucket")
    func extremes() {
        let histogram = Histogram(bounds: [0.001])
        histogram.observe(.seconds(-5))
        histogram.observe(.seconds(Int64.max))
        #expect(histogram.cumulativeCounts == [1, 2])
    }

    @Test("many tasks count at once and none is lost")
    func concurrent() async {
        let histogram = Histogram(bounds: Histogram.latencyBounds)
        await withTaskGroup { group in
            for _ in 0..<8 {
                group.addTask { for _ in 0..<1_000 { histogram.observe(.milliseconds(3)) } }
            }
        }
        #expect(histogram.cumulativeCounts.last == 8_000)
        #expect(abs(histogram.totalSeconds - 24) < 0.001)
    }

    @Test("a family has a member for each label up to its bound, and one for all others")
    func family() {
        let family = MetricFamily { Counter() }
        for number in 0..<(MetricFamily<Counter>.maximumMembers + 5) { family.member("m\(number)", "busy").add() }
        let all = family.all
        #expect(all.count == MetricFamily<Counter>.maximumMembers + 1)
        #expect(all.first { $0.labels.mailbox == "other" }?.metric.value == 5)
    }
}
