/// What in the bytes of a JSON string stands for itself, which nearly everything does.
enum JSONText {
    private static let ones: UInt64 = 0x0101_0101_0101_0101
    private static let highs: UInt64 = 0x8080_8080_8080_8080

    /// The first byte from `start` on that is not simply copied: a quote, a backslash, a control character or DEL.
    ///
    /// Looks at eight bytes at once.
    static func endOfPlain(_ bytes: UnsafeBufferPointer<UInt8>, from start: Int) -> Int {
        let raw = UnsafeRawBufferPointer(bytes)
        var index = start
        while index + 8 <= bytes.count,
            isPlain(raw.loadUnaligned(fromByteOffset: index, as: UInt64.self))
        {
            index += 8
        }
        while index < bytes.count, isPlain(bytes[index]) { index += 1 }
        return index
    }

    private static func isPlain(_ byte: UInt8) -> Bool {
        byte >= 0x20 && byte != UInt8(ascii: "\"") && byte != UInt8(ascii: "\\") && byte != 0x7F
    }

    /// Each line sets the high bit of the bytes in question, and perhaps of some behind them.
    private static func isPlain(_ word: UInt64) -> Bool {
        let controls = (word &- ones &* 0x20) & ~word
        let special = hasZero(word ^ ones &* 0x22) | hasZero(word ^ ones &* 0x5C) | hasZero(word ^ ones &* 0x7F)
        return (controls | special) & highs == 0
    }

    private static func hasZero(_ word: UInt64) -> UInt64 { (word &- ones) & ~word }
}
