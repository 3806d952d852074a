/// Finds the end of a head in the bytes so far, and refuses what other parsers read differently (RFC 9112 §2.2, §5.2,
/// §11.2).
///
/// Lines end with CR LF and only there; no line but the first begins with a space, as folded ones did.
struct HTTPHeadScanner {
    private var position: Int
    private var lineStart: Int

    /// Starts at an offset into the buffer.
    init(at offset: Int) {
        position = offset
        lineStart = offset
    }

    /// Follows the bytes to where they stand now.
    mutating func move(by distance: Int) {
        position += distance
        lineStart += distance
    }

    /// Goes on in a buffer that has grown.
    ///
    /// - Returns: The offset behind the empty line that ends the head, or nil when it has not come yet.
    mutating func scan(_ buffer: borrowing [UInt8]) throws(HTTPRefusal) -> Int? {
        try buffer.withUnsafeBufferPointer { bytes throws(HTTPRefusal) in try scan(bytes) }
    }

    private mutating func scan(_ bytes: UnsafeBufferPointer<UInt8>) throws(HTTPRefusal) -> Int? {
        while true {
            if position == lineStart, position < bytes.count { try checkFirst(bytes[position]) }
            position = Self.skipText(bytes, from: position)
            guard position < bytes.count else { return nil }
            guard bytes[position] == 0x0D else {
                try check(bytes[position])
                position += 1
                continue
            }
            guard position + 1 < bytes.count else { return nil }
            guard bytes[position + 1] == 0x0A else { throw .bad("a carriage return stands alone") }
            let isEmpty = position == lineStart
            position += 2
            lineStart = position
            if isEmpty { return position }
        }
    }

    /// The offset of the next byte that is not plain text, eight at a time while there are so many.
    private static func skipText(_ bytes: UnsafeBufferPointer<UInt8>, from start: Int) -> Int {
        var index = start
        let raw = UnsafeRawBufferPointer(bytes)
        while index + 8 <= raw.count, isText(raw.loadUnaligned(fromByteOffset: index, as: UInt64.self)) { index += 8 }
        while index < bytes.count, bytes[index] >= 0x20, bytes[index] != 0x7F { index += 1 }
        return index
    }

    /// Tells whether none of the eight bytes is below 0x20, or 0x7F.
    ///
    /// A subtraction from each byte at once borrows into its top bit. It may say no once too often, never yes.
    private static func isText(_ block: UInt64) -> Bool {
        let ones: UInt64 = 0x0101_0101_0101_0101
        let control = (block &- ones &* 0x20) & ~block
        let delete = block ^ ones &* 0x7F
        return (control | (delete &- ones) & ~delete) & (ones &* 0x80) == 0
    }

    private func checkFirst(_ byte: UInt8) throws(HTTPRefusal) {
        if byte == 0x20 { throw .bad("a header line begins with a space") }
        if byte == 0x09 { throw .bad("a header line begins with a tab") }
    }

    private func check(_ byte: UInt8) throws(HTTPRefusal) {
        switch byte {
        case 0x09: return
        case 0x0A: throw .bad("a line feed stands alone")
        default: throw .bad("the head holds a control character")
        }
    }
}
