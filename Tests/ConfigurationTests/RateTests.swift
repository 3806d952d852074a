import Configuration
import Testing

@Suite struct RateTests {
    @Test(
        "a rate is a number in a time",
        arguments: [
            ("10/s", 10, 1), ("600/m", 600, 60), ("1/30s", 1, 30), ("5/1m30s", 5, 90), ("1000000/d", 1_000_000, 86_400),
        ])
    func reads(text: String, count: Int, seconds: Int) throws {
        let rate = try #require(Rate(parsing: text))
        #expect(rate.count == count)
        #expect(rate.period == .seconds(seconds))
        #expect(Rate(parsing: rate.description) == rate)
    }

    @Test(
        "anything else is none", arguments: ["", "10", "0/s", "-1/s", "10/", "/s", "10/x", "10/s/s", "10/0", "1.5/s"])
    func refuses(text: String) {
        #expect(Rate(parsing: text) == nil)
    }
}
