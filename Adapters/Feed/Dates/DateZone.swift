/// Time zones as dates in feeds name them.
enum DateZone {
    /// Minutes east of UTC: of `Z`, `+0800`, `+08:00`, `+8`, `EST`, `GMT+2`, and nothing at all.
    ///
    /// A name nobody knows is UTC; `nil` only for what begins like an offset and is none.
    static func offset(_ zone: String) -> Int? {
        guard let sign = zone.firstIndex(where: { $0 == "+" || $0 == "-" }) else {
            return names[zone.uppercased()] ?? 0
        }
        let digits = zone[sign...].utf8.filter(\.isDigit).map { Int($0) - 0x30 }
        guard zone[sign...].dropFirst().utf8.allSatisfy({ $0.isDigit || $0 == UInt8(ascii: ":") }) else { return nil }
        guard digits.count <= 4 else { return nil }
        let value = digits.reduce(0) { $0 * 10 + $1 }
        let minutes: Int
        switch digits.count {
        case 1, 2: minutes = value * 60
        case 3, 4: minutes = value / 100 * 60 + value % 100
        default: return nil
        }
        return zone[sign] == "-" ? -minutes : minutes
    }

    /// RFC 822 §5, and those of Europe and Japan that stand for one zone only.
    private static let names: [String: Int] = [
        "EST": -300, "EDT": -240, "CST": -360, "CDT": -300, "MST": -420, "MDT": -360, "PST": -480, "PDT": -420,
        "CET": 60, "CEST": 120, "EET": 120, "EEST": 180, "MSK": 180, "JST": 540,
    ]
}
