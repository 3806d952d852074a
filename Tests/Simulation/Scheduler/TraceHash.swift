/// A number for what has happened, in its order (FNV-1a, 64 bits).
package struct TraceHash: Sendable {
    /// The number so far.
    package private(set) var value: UInt64 = 0xCBF2_9CE4_8422_2325

    /// Creates the number of nothing.
    package init() {}

    /// Adds a fact.
    package mutating func mix(_ fact: UInt64) {
        var rest = fact
        for _ in 0..<8 {
            value = (value ^ (rest & 0xFF)) &* 0x100_0000_01B3
            rest >>= 8
        }
    }

    /// Adds a text.
    package mutating func mix(_ text: String) {
        for byte in text.utf8 { value = (value ^ UInt64(byte)) &* 0x100_0000_01B3 }
    }

    /// The number of a text.
    package static func of(_ text: String) -> UInt64 {
        var hash = TraceHash()
        hash.mix(text)
        return hash.value
    }
}
