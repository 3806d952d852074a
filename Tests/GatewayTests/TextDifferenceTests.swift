import Testing

@testable import Gateway

@Suite struct TextDifferenceTests {
    @Test(
        "changed lines are told with their sign and the line before",
        arguments: [
            ("a", "a", []), ("a", "b", ["-a", "+b"]), ("a\nb\nc", "a\nx\nc", [" a", "-b", "+x"]),
            ("a\nb", "a", [" a", "-b"]), ("", "a", ["-", "+a"]),
            ("a\nb\nc\nd", "a\nc\nd\ne", [" a", "-b", " c", " d", "+e"]),
        ])
    func lines(old: String, new: String, expected: [String]) {
        #expect(TextDifference.lines(from: old, to: new) == expected)
    }

    @Test("a large difference is cut, in its lines and their length")
    func bounds() {
        let old = (0..<2_000).map { "old \($0)" }.joined(separator: "\n")
        let new = (0..<2_000).map { "new \($0) " + String(repeating: "x", count: 500) }.joined(separator: "\n")
        let lines = TextDifference.lines(from: old, to: new)
        #expect(lines.count == TextDifference.maximumLines + 1)
        #expect(lines.last == "… 3960 more lines")
        let inverse = TextDifference.lines(from: new, to: "")
        #expect(inverse.allSatisfy { $0.count <= TextDifference.maximumLength + 2 })
    }
}
