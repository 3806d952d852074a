/// Finds what is not UTF-8 (RFC 3629) at its first wrong byte, in a text that comes in pieces.
struct UTF8Checker {
    /// How many bytes of the present character are missing.
    private var missing = 0
    /// What the next byte may be, if one is missing.
    private var allowed: ClosedRange<UInt8> = 0x80...0xBF

    /// Tells whether the text may end here.
    var isComplete: Bool { missing == 0 }

    /// Reads on; false when the text cannot be UTF-8 any more.
    mutating func accepts(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        for byte in bytes {
            if missing == 0 {
                if byte < 0x80 { continue }
                guard begins(byte) else { return false }
            } else {
                guard allowed.contains(byte) else { return false }
                missing -= 1
                allowed = 0x80...0xBF
            }
        }
        return true
    }

    /// The table of RFC 3629 §4: no overlong forms, no surrogates, nothing above U+10FFFF.
    private mutating func begins(_ byte: UInt8) -> Bool {
        switch byte {
        case 0xC2...0xDF: (missing, allowed) = (1, 0x80...0xBF)
        case 0xE0: (missing, allowed) = (2, 0xA0...0xBF)
        case 0xED: (missing, allowed) = (2, 0x80...0x9F)
        case 0xE1...0xEC, 0xEE...0xEF: (missing, allowed) = (2, 0x80...0xBF)
        case 0xF0: (missing, allowed) = (3, 0x90...0xBF)
        case 0xF1...0xF3: (missing, allowed) = (3, 0x80...0xBF)
        case 0xF4: (missing, allowed) = (3, 0x80...0x8F)
        default: return false
        }
        return true
    }
}
