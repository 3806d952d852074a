import Testing

@testable import Stages

@Suite struct InlineDifferenceTests {
    @Test(
        "what differs is marked in its place, with a little before and behind it",
        arguments: [
            ("Hello world", "Hello Swift", "Hello [-world-]{+Swift+}"), ("abc", "", "[-abc-]"), ("", "abc", "{+abc+}"),
            ("one two three four five", "one two three 4 five", "…e two three [-four-]{+4+} five"),
            ("服务器", "服務器", "服[-务-]{+務+}器"), ("a\nb", "a\nc", "a⏎[-b-]{+c+}"), ("x", "x\u{1B}[2J", "x{+\\u{1B}[2J+}"),
        ])
    func marks(old: String, new: String, expected: String) {
        #expect(InlineDifference.text(from: old, to: new) == expected)
    }

    @Test("a long change is cut, and texts that are too long have none")
    func bounds() throws {
        let long = String(repeating: "x", count: 5_000)
        let text = try #require(InlineDifference.text(from: long, to: String(repeating: "y", count: 5_000)))
        #expect(text.count < 200)
        #expect(InlineDifference.text(from: String(repeating: "x", count: 20_000), to: "") == nil)
    }
}
