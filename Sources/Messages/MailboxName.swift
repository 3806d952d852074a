/// The rule for the names of mailboxes, which are the platforms of addresses and the sources of topics:
/// `[a-z][a-z0-9_-]{0,31}`.
public enum MailboxName {
    /// The most bytes a name has.
    public static let maximumLength = 32

    /// Tells whether the text is a mailbox name.
    public static func isValid(_ text: some StringProtocol) -> Bool {
        fault(in: text.utf8) == nil
    }

    /// The offset of the first byte that breaks the rule, and what was expected there; `nil` when nothing does.
    static func fault(in bytes: some Collection<UInt8>) -> (offset: Int, reason: String)? {
        var offset = 0
        for byte in bytes {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"): break
            case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"):
                if offset == 0 { return (0, "a mailbox name begins with a letter from a to z") }
            default: return (offset, "a mailbox name has only a to z, 0 to 9, \"_\" and \"-\"")
            }
            guard offset < maximumLength else { return (offset, "a mailbox name has at most 32 characters") }
            offset += 1
        }
        return offset == 0 ? (0, "expected a mailbox name") : nil
    }
}

extension Collection<UInt8> {
    /// The offset of the first control character (Unicode category Cc: C0, DEL, C1) in UTF-8, or `nil`.
    var offsetOfControlCharacter: Int? {
        var offset = 0
        var last: UInt8 = 0
        for byte in self {
            if byte < 0x20 || byte == 0x7F { return offset }
            if last == 0xC2, (0x80...0x9F).contains(byte) { return offset - 1 }
            last = byte
            offset += 1
        }
        return nil
    }
}
