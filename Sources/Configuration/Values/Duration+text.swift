extension Duration {
    /// The units of a duration with their milliseconds, from the longest.
    private static let units: [(name: String, milliseconds: Int64)] = [
        ("w", 604_800_000), ("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1_000), ("ms", 1),
    ]

    /// The longest duration a setting takes: 100 years, so that a sum with any time is still a time.
    private static let longest: Int64 = 36_525 * 86_400_000

    /// Reads whole numbers with units, the longest first and each once: `250ms`, `15m`, `1h30m`, `30d`, `2w`.
    ///
    /// - Returns: `nil` for anything else, for a bare number other than `0`, and beyond 100 years.
    public init?(parsing text: String) {
        guard text != "0" else {
            self = .zero
            return
        }
        var (rest, units, total) = (Substring(text), Self.units[...], Int64(0))
        guard !rest.isEmpty else { return nil }
        while !rest.isEmpty {
            let digits = rest.prefix { ("0"..."9").contains($0) }
            let name = rest.dropFirst(digits.count).prefix { ("a"..."z").contains($0) }
            guard let number = Int64(digits), number <= Self.longest,
                let index = units.firstIndex(where: { $0.name == name })
            else { return nil }
            let (part, overflows) = number.multipliedReportingOverflow(by: units[index].milliseconds)
            guard !overflows, part <= Self.longest - total else { return nil }
            total += part
            units = units[(index + 1)...]
            rest = rest.dropFirst(digits.count + name.count)
        }
        self = .milliseconds(total)
    }

    /// The duration as settings write it: `1h30m`; whole milliseconds, the rest is cut off.
    public var settingText: String {
        var rest = components.seconds * 1_000 + components.attoseconds / 1_000_000_000_000_000
        guard rest > 0 else { return "0" }
        var text = ""
        for unit in Self.units where rest >= unit.milliseconds && (unit.name != "w" || rest % unit.milliseconds == 0) {
            text += "\(rest / unit.milliseconds)\(unit.name)"
            rest %= unit.milliseconds
        }
        return text
    }
}
