/// Host and port as they stand in a `Host` field and in targets (RFC 9110 §7.2, RFC 3986 §3.2).
enum HTTPAuthority {
    /// Tells whether these bytes are a host, with a port or without one: no user in front, no path behind, and of the
    /// characters that a name may have by RFC 3986 only those that names have.
    static func isValid(_ bytes: Slice<UnsafeBufferPointer<UInt8>>) -> Bool {
        var rest = bytes
        if rest.first == UInt8(ascii: "[") {
            guard let end = rest.firstIndex(of: UInt8(ascii: "]")) else { return false }
            let address = rest[(rest.startIndex + 1)..<end]
            guard address.contains(UInt8(ascii: ":")), !address.contains(UInt8(ascii: "%")),
                IPAddress(String(decoding: address, as: UTF8.self)) != nil
            else { return false }
            rest = rest[(end + 1)...]
        } else {
            let end = rest.firstIndex(of: UInt8(ascii: ":")) ?? rest.endIndex
            guard end > rest.startIndex, isName(rest[..<end]) else { return false }
            rest = rest[end...]
        }
        return rest.isEmpty || isPort(rest)
    }

    private static func isName(_ bytes: Slice<UnsafeBufferPointer<UInt8>>) -> Bool {
        var index = bytes.startIndex
        while index < bytes.endIndex {
            switch bytes[index] {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F, 0x7E: index += 1
            case UInt8(ascii: "%"):
                guard bytes.endIndex - index > 2, bytes[index + 1].hexadecimalDigit != nil,
                    bytes[index + 2].hexadecimalDigit != nil
                else { return false }
                index += 3
            default: return false
            }
        }
        return true
    }

    /// A colon and up to five digits.
    private static func isPort(_ bytes: Slice<UnsafeBufferPointer<UInt8>>) -> Bool {
        bytes.first == UInt8(ascii: ":") && bytes.count <= 6
            && bytes.dropFirst().allSatisfy { (0x30...0x39).contains($0) }
    }
}
