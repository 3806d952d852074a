import Messages
import Testing

@testable import Webhook

@Suite struct RetryAfterTests {
    /// 1994-11-06T08:49:07Z, half a minute before the date of RFC 9110 §5.6.7.
    static let now = Timestamp(seconds: 784_111_747)

    @Test(
        "seconds and all three forms of a date are understood",
        arguments: [
            ("0", 0), ("30", 30), ("120", 120), ("Sun, 06 Nov 1994 08:49:37 GMT", 30),
            ("Sunday, 06-Nov-94 08:49:37 GMT", 30), ("Sun Nov  6 08:49:37 1994", 30),
            ("Sun, 06 Nov 1994 08:00:00 GMT", 0), ("Mon, 07 Nov 1994 08:49:07 GMT", 86_400),
            ("999999", 86_400), ("99999999999999999999999", 86_400), ("Sun, 06 Nov 2094 08:49:37 GMT", 86_400),
        ])
    func understands(text: String, seconds: Int) {
        #expect(RetryAfter.parse(text, now: Self.now) == .seconds(seconds))
    }

    @Test(
        "anything else says nothing",
        arguments: [
            "", "-1", "1.5", "soon", "Sun, 06 Nov 1994 08:49:37", "Sun, 32 Nov 1994 08:49:37 GMT",
            "Sun, 06 Nox 1994 08:49:37 GMT", "Sun, 06 Nov 1994 25:49:37 GMT", "Sun, 06 Nov 1994 08:49 GMT",
            "Sun, 29 Feb 1995 08:49:37 GMT",
        ])
    func ignores(text: String) {
        #expect(RetryAfter.parse(text, now: Self.now) == nil)
    }
}
