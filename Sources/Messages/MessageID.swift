/// The id of a message: a UUID of version 7 (RFC 9562 §5.7), so that ids sort by the time they were made.
public struct MessageID: Sendable, Hashable, Comparable {
    /// The first eight bytes: 48 bits of milliseconds, the version, twelve random bits.
    public let high: UInt64
    /// The last eight bytes: the variant and 62 random bits.
    public let low: UInt64

    /// Creates an id from its two halves, as the spool keeps them.
    public init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    /// Makes a new id for this time.
    public init(time: Timestamp, using random: inout some RandomNumberGenerator) {
        let milliseconds = UInt64(clamping: time.milliseconds) & 0xFFFF_FFFF_FFFF
        self.high = milliseconds << 16 | 0x7000 | random.next() & 0x0FFF
        self.low = 0x8000_0000_0000_0000 | random.next() & 0x3FFF_FFFF_FFFF_FFFF
    }

    /// The time the id was made at.
    public var time: Timestamp {
        Timestamp(milliseconds: Int64(high >> 16))
    }

    /// The sixteen bytes of the id, in network order.
    public var bytes: [UInt8] {
        [high, low].flatMap { half in stride(from: 56, through: 0, by: -8).map { UInt8(truncatingIfNeeded: half >> $0) }
        }
    }

    /// Creates an id from its sixteen bytes; `nil` for any other count.
    public init?(bytes: some Collection<UInt8>) {
        guard bytes.count == 16 else { return nil }
        self.high = bytes.prefix(8).reduce(0) { $0 << 8 | UInt64($1) }
        self.low = bytes.suffix(8).reduce(0) { $0 << 8 | UInt64($1) }
    }

    /// Tells whether the first id was made before the second.
    public static func < (left: MessageID, right: MessageID) -> Bool {
        (left.high, left.low) < (right.high, right.low)
    }
}

extension MessageID: CustomStringConvertible {
    /// The id in the usual 36 characters, in lower case.
    public var description: String {
        String(unsafeUninitializedCapacity: 36) { buffer in
            var position = 0
            for index in 0..<16 {
                if index == 4 || index == 6 || index == 8 || index == 10 {
                    buffer[position] = UInt8(ascii: "-")
                    position += 1
                }
                let byte = UInt8(truncatingIfNeeded: (index < 8 ? high : low) >> UInt64(56 - index % 8 * 8))
                buffer[position] = Self.hexadecimal(byte >> 4)
                buffer[position + 1] = Self.hexadecimal(byte & 15)
                position += 2
            }
            return position
        }
    }

    /// Parses a UUID of any version in its 36-character form, in upper or lower case.
    ///
    /// - Throws: ``MessageError/badMessageID(text:offset:reason:)`` with the offset of the first wrong character.
    public init(parsing text: String) throws(MessageError) {
        var halves: (UInt64, UInt64) = (0, 0)
        var offset = 0
        for byte in text.utf8 {
            if offset == 8 || offset == 13 || offset == 18 || offset == 23 {
                guard byte == UInt8(ascii: "-") else {
                    throw .badMessageID(text: text, offset: offset, reason: "expected \"-\"")
                }
            } else {
                guard offset < 36, let digit = Self.value(ofHexadecimal: byte) else {
                    let reason = offset < 36 ? "expected a hexadecimal digit" : "expected the end after 36 characters"
                    throw .badMessageID(text: text, offset: offset, reason: reason)
                }
                if offset < 18 { halves.0 = halves.0 << 4 | digit } else { halves.1 = halves.1 << 4 | digit }
            }
            offset += 1
        }
        guard offset == 36 else {
            throw .badMessageID(text: text, offset: offset, reason: "expected 36 characters")
        }
        self.init(high: halves.0, low: halves.1)
    }

    private static func hexadecimal(_ digit: UInt8) -> UInt8 {
        digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10
    }

    static func value(ofHexadecimal byte: UInt8) -> UInt64? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt64(byte - UInt8(ascii: "0"))
        case UInt8(ascii: "a")...UInt8(ascii: "f"): UInt64(byte - UInt8(ascii: "a") + 10)
        case UInt8(ascii: "A")...UInt8(ascii: "F"): UInt64(byte - UInt8(ascii: "A") + 10)
        default: nil
        }
    }
}
