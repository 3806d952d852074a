extension Timestamp: CustomStringConvertible {
    /// The timestamp as RFC 3339 writes it, in UTC with milliseconds: `2026-11-20T10:15:30.123Z`.
    public var description: String {
        let date = civil
        return String(unsafeUninitializedCapacity: 24) { buffer in
            var position = 0
            func put(_ number: Int, width: Int, then end: Unicode.Scalar) {
                var rest = number
                for index in stride(from: position + width - 1, through: position, by: -1) {
                    buffer[index] = UInt8(ascii: "0") + UInt8(rest % 10)
                    rest /= 10
                }
                buffer[position + width] = UInt8(ascii: end)
                position += width + 1
            }
            put(date.year, width: 4, then: "-")
            put(date.month, width: 2, then: "-")
            put(date.day, width: 2, then: "T")
            put(date.hour, width: 2, then: ":")
            put(date.minute, width: 2, then: ":")
            put(date.second, width: 2, then: ".")
            put(date.millisecond, width: 3, then: "Z")
            return position
        }
    }

    /// Parses an RFC 3339 date-time (§5.6): a zone is required, a fraction is kept to the millisecond.
    ///
    /// - Throws: ``MessageError/badTimestamp(text:offset:reason:)`` with the offset of the first wrong character.
    public init(parsing text: some StringProtocol) throws(MessageError) {
        var parser = DateTimeParser(text: String(text))
        self = try parser.parse()
    }
}

/// Reads an RFC 3339 date-time byte by byte, so that an error knows its offset.
private struct DateTimeParser {
    let text: String
    private let bytes: [UInt8]
    private var offset = 0

    init(text: String) {
        self.text = text
        self.bytes = Array(text.utf8)
    }

    mutating func parse() throws(MessageError) -> Timestamp {
        let year = try number(digits: 4, in: 1...9999, named: "a year")
        try expect("-")
        let month = try number(digits: 2, in: 1...12, named: "a month from 01 to 12")
        try expect("-")
        let day = try number(
            digits: 2, in: 1...CivilDate.days(inMonth: month, of: year), named: "a day of that month")
        guard offset < bytes.count, bytes[offset] | 0x20 == UInt8(ascii: "t") || bytes[offset] == UInt8(ascii: " ")
        else { throw fault("expected \"T\" between date and time") }
        offset += 1
        let hour = try number(digits: 2, in: 0...23, named: "an hour from 00 to 23")
        try expect(":")
        let minute = try number(digits: 2, in: 0...59, named: "a minute from 00 to 59")
        try expect(":")
        let second = try number(digits: 2, in: 0...60, named: "a second from 00 to 60")
        let millisecond = try fraction()
        let zone = try zoneOffset()
        guard offset == bytes.count else { throw fault("expected the end after the zone") }
        let date = CivilDate(
            year: year, month: month, day: day, hour: hour, minute: minute, second: min(second, 59),
            millisecond: millisecond)
        let milliseconds = date.timestamp.milliseconds - Int64(zone) * 60_000
        guard Timestamp(milliseconds: milliseconds).milliseconds == milliseconds else {
            offset = 0
            throw fault("in UTC the time is outside the years 0001 to 9999")
        }
        return Timestamp(milliseconds: milliseconds)
    }

    private mutating func number(digits: Int, in range: ClosedRange<Int>, named name: String)
        throws(MessageError) -> Int
    {
        let start = offset
        var value = 0
        for _ in 0..<digits {
            guard offset < bytes.count, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(bytes[offset]) else {
                throw fault("expected \(name)")
            }
            value = value * 10 + Int(bytes[offset] - UInt8(ascii: "0"))
            offset += 1
        }
        guard range.contains(value) else {
            offset = start
            throw fault("expected \(name)")
        }
        return value
    }

    private mutating func expect(_ character: Unicode.Scalar) throws(MessageError) {
        guard offset < bytes.count, bytes[offset] == UInt8(ascii: character) else {
            throw fault("expected \"\(character)\"")
        }
        offset += 1
    }

    private mutating func fraction() throws(MessageError) -> Int {
        guard offset < bytes.count, bytes[offset] == UInt8(ascii: ".") else { return 0 }
        offset += 1
        var millisecond = 0
        var scale = 100
        let start = offset
        while offset < bytes.count, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(bytes[offset]) {
            millisecond += Int(bytes[offset] - UInt8(ascii: "0")) * scale
            scale /= 10
            offset += 1
        }
        guard offset > start else { throw fault("expected digits after the point") }
        return millisecond
    }

    /// Minutes east of UTC.
    private mutating func zoneOffset() throws(MessageError) -> Int {
        guard offset < bytes.count else { throw fault("expected a zone: \"Z\" or \"+hh:mm\"") }
        let sign = bytes[offset]
        switch sign {
        case UInt8(ascii: "Z"), UInt8(ascii: "z"):
            offset += 1
            return 0
        case UInt8(ascii: "+"), UInt8(ascii: "-"):
            offset += 1
            let hour = try number(digits: 2, in: 0...23, named: "zone hours")
            try expect(":")
            let minute = try number(digits: 2, in: 0...59, named: "zone minutes")
            return (hour * 60 + minute) * (sign == UInt8(ascii: "-") ? -1 : 1)
        default: throw fault("expected a zone: \"Z\" or \"+hh:mm\"")
        }
    }

    private func fault(_ reason: String) -> MessageError {
        .badTimestamp(text: text, offset: offset, reason: reason)
    }
}
