/// So many in a time: `10/s`, `600/m`, `1/30s`.
public struct Rate: Sendable, Hashable {
    /// How many, 1 or more.
    public let count: Int
    /// In how long, more than nothing.
    public let period: Duration

    /// Reads a number, a slash, and a duration or its unit.
    ///
    /// Returns `nil` for anything else.
    public init?(parsing text: String) {
        let parts = text.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false).map {
            String(decoding: $0, as: UTF8.self)
        }
        guard parts.count == 2, let count = Int(parts[0]), (1...1_000_000).contains(count) else { return nil }
        let startsWithDigit = parts[1].utf8.first.map { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) } ?? false
        guard let period = Duration(parsing: startsWithDigit ? parts[1] : "1" + parts[1]), period > .zero else {
            return nil
        }
        self.count = count
        self.period = period
    }
}

extension Rate: CustomStringConvertible {
    /// The rate as settings write it: `10/1s`.
    public var description: String { "\(count)/\(period.settingText)" }
}
