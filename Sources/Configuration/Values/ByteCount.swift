/// A number of bytes, as in `25MiB`.
public struct ByteCount: Sendable, Hashable, Comparable {
    /// The number of bytes, 0 or more.
    public let bytes: Int

    /// Makes a count; a negative number counts as 0.
    public init(bytes: Int) {
        self.bytes = max(0, bytes)
    }

    /// Reads a whole number with a unit: `512B`, `64KB` (1000), `25MiB` (1024 squared), up to `TB` and `TiB`; a bare
    /// number is bytes.
    ///
    /// - Returns: `nil` for anything else, and for more than `Int` can count.
    public init?(parsing text: String) {
        let digits = text.utf8.prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
        let unit = String(text.dropFirst(digits.count))
        guard let number = Int(String(digits) ?? ""), let factor = Self.factor(unit) else { return nil }
        let (bytes, overflows) = number.multipliedReportingOverflow(by: factor)
        guard !overflows else { return nil }
        self.bytes = bytes
    }

    /// Orders by size.
    public static func < (left: Self, right: Self) -> Bool { left.bytes < right.bytes }

    private static let binaryUnits = ["TiB": 1 << 40, "GiB": 1 << 30, "MiB": 1 << 20, "KiB": 1 << 10]
    private static let decimalUnits = ["TB": 1_000_000_000_000, "GB": 1_000_000_000, "MB": 1_000_000, "KB": 1_000]

    private static func factor(_ unit: String) -> Int? {
        unit.isEmpty || unit == "B" ? 1 : binaryUnits[unit] ?? decimalUnits[unit] ?? (unit == "kB" ? 1_000 : nil)
    }
}

extension ByteCount: CustomStringConvertible {
    /// The count in the unit that leaves the smallest whole number: `25MiB`, `64KB`, `513B`.
    public var description: String {
        let units = [Self.binaryUnits, Self.decimalUnits].flatMap { $0 }.filter { bytes % $0.value == 0 }
        guard bytes > 0, let unit = units.max(by: { $0.value < $1.value }) else { return "\(bytes)B" }
        return "\(bytes / unit.value)\(unit.key)"
    }
}
