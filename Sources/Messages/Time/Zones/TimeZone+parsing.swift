/// Why a zone cannot be used.
public enum TimeZoneError: Error, Sendable, Hashable {
    /// The bytes are no TZif file; the reason says what is wrong with them.
    case badFile(reason: String)
    /// The text is no name of a zone.
    case badName
    /// The machine knows no zone of that name.
    case unknown
}

extension TimeZone {
    /// Reads a TZif file, as tzdata has them (RFC 9636 §3), of version 2 or later.
    ///
    /// Leap seconds are not looked at: timestamps have none.
    ///
    /// - Throws: ``TimeZoneError/badFile(reason:)``
    public init(name: String, parsing bytes: [UInt8]) throws(TimeZoneError) {
        var reader = TZifReader(bytes: bytes)
        let first = try reader.header()
        guard first.version >= UInt8(ascii: "2") else { throw .badFile(reason: "it is of version 1") }
        try reader.skip(first.length(timeSize: 4))
        let header = try reader.header()
        let types = try reader.transitions(header)
        try reader.skip(header.characters + header.leaps * 12 + header.standards + header.universals)
        self.init(name: name, first: types.first, transitions: types.transitions, rule: try reader.rule())
    }
}

/// Goes through the bytes of a TZif file.
private struct TZifReader {
    struct Header {
        var version: UInt8
        var universals = 0
        var standards = 0
        var leaps = 0
        var times = 0
        var types = 0
        var characters = 0

        func length(timeSize: Int) -> Int {
            times * (timeSize + 1) + types * 6 + characters + leaps * (timeSize + 4) + standards + universals
        }
    }

    let bytes: [UInt8]
    var position = 0

    mutating func skip(_ count: Int) throws(TimeZoneError) {
        guard count <= bytes.count - position else { throw .badFile(reason: "it ends early") }
        position += count
    }

    private mutating func number(_ size: Int) throws(TimeZoneError) -> UInt64 {
        let start = position
        try skip(size)
        return bytes[start..<position].reduce(0) { $0 << 8 | UInt64($1) }
    }

    mutating func header() throws(TimeZoneError) -> Header {
        guard bytes.dropFirst(position).starts(with: "TZif".utf8) else {
            throw .badFile(reason: "it is no file of a time zone")
        }
        try skip(4)
        var header = Header(version: UInt8(truncatingIfNeeded: try number(1)))
        try skip(15)
        for field in [
            \Header.universals, \Header.standards, \Header.leaps, \Header.times, \Header.types, \Header.characters,
        ] as [WritableKeyPath<Header, Int>] {
            header[keyPath: field] = Int(try number(4))
        }
        guard header.types > 0, header.types <= 256, header.length(timeSize: 8) <= 1 << 20 else {
            throw .badFile(reason: "its header cannot be")
        }
        return header
    }

    mutating func transitions(
        _ header: Header
    ) throws(TimeZoneError) -> (first: Int, transitions: [TimeZone.Transition]) {
        var times: [Int64] = []
        for _ in 0..<header.times { times.append(Int64(bitPattern: try number(8))) }
        var indexes: [Int] = []
        for _ in 0..<header.times { indexes.append(Int(try number(1))) }
        var offsets: [Int] = []
        for _ in 0..<header.types {
            offsets.append(Int(Int32(truncatingIfNeeded: try number(4))))
            try skip(2)
        }
        guard indexes.allSatisfy({ $0 < offsets.count }), offsets.allSatisfy({ abs($0) <= 93_600 }),
            zip(times, times.dropFirst()).allSatisfy({ $0 < $1 })
        else { throw .badFile(reason: "its transitions cannot be") }
        return (offsets[0], zip(times, indexes).map { TimeZone.Transition(time: $0, offset: offsets[$1]) })
    }

    /// The line at the end; empty when nothing is known of the time after the last transition.
    mutating func rule() throws(TimeZoneError) -> DaylightRule? {
        let rest = bytes[position...]
        guard rest.first == UInt8(ascii: "\n"), let end = rest.dropFirst().firstIndex(of: UInt8(ascii: "\n")) else {
            throw .badFile(reason: "it ends early")
        }
        let text = String(decoding: rest[(rest.startIndex + 1)..<end], as: UTF8.self)
        if text.isEmpty { return nil }
        guard let rule = DaylightRule(parsing: text) else { throw .badFile(reason: "its last line cannot be read") }
        return rule
    }
}
