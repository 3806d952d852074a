/// The PROXY protocol's version 2, in binary (§2.2).
enum ProxyHeaderV2 {
    static let signature: [UInt8] = [0x0D, 0x0A, 0x0D, 0x0A, 0x00, 0x0D, 0x0A, 0x51, 0x55, 0x49, 0x54, 0x0A]
    /// The most bytes behind the fixed part: the addresses of Unix sockets, and room for certificates' names.
    static let maximalLength = 4_096
    private static let fixedLength = 16

    static func read(_ bytes: [UInt8]) throws(ProxyHeaderError) -> ProxyHeader.Progress {
        guard bytes.count >= fixedLength else { return .needs(fixedLength - bytes.count) }
        let length = Int(bytes[14]) << 8 | Int(bytes[15])
        guard bytes[12] >> 4 == 2 else { throw .malformed("the version is \(bytes[12] >> 4)") }
        guard bytes[12] & 0x0F <= 1 else { throw .malformed("the command is \(bytes[12] & 0x0F)") }
        guard length <= maximalLength else { throw .malformed("it has \(length) bytes, more than \(maximalLength)") }
        guard bytes.count >= fixedLength + length else { return .needs(fixedLength + length - bytes.count) }
        guard bytes.count == fixedLength + length else { throw .malformed("it is longer than it says") }
        let addressLength = try addressLength(bytes[13])
        guard length >= addressLength else { throw .malformed("the addresses are cut short") }
        // With an unknown family nobody can tell where the addresses end.
        if bytes[13] >> 4 != 0 { try checkExtensions(bytes, from: fixedLength + addressLength) }
        // LOCAL: the proxy looks whether we live.
        guard bytes[12] & 0x0F == 1 else { return .complete(.local) }
        return .complete(addresses(bytes))
    }

    private static func addressLength(_ family: UInt8) throws(ProxyHeaderError) -> Int {
        guard family & 0x0F <= 2 else { throw .malformed("the kind of transport is \(family & 0x0F)") }
        switch family >> 4 {
        case 0: return 0
        case 1: return 12
        case 2: return 36
        case 3: return 216
        case let unknown: throw .malformed("the family of addresses is \(unknown)")
        }
    }

    /// The addresses of a stream; those of a Unix socket are names on the proxy's machine and say nothing here, where a
    /// Unix socket means the operator.
    private static func addresses(_ bytes: [UInt8]) -> ProxyHeader {
        switch bytes[13] {
        case 0x11:
            let source = IPAddress.v4(UInt32(number(bytes, 16, 4)))
            let destination = IPAddress.v4(UInt32(number(bytes, 20, 4)))
            return .relayed(
                source: .ip(source, port: UInt16(number(bytes, 24, 2))),
                destination: .ip(destination, port: UInt16(number(bytes, 26, 2))))
        case 0x21:
            let source = IPAddress.v6(upper: number(bytes, 16, 8), lower: number(bytes, 24, 8), zone: 0)
            let destination = IPAddress.v6(upper: number(bytes, 32, 8), lower: number(bytes, 40, 8), zone: 0)
            return .relayed(
                source: .ip(source.withoutMapping, port: UInt16(number(bytes, 48, 2))),
                destination: .ip(destination.withoutMapping, port: UInt16(number(bytes, 50, 2))))
        default:
            return .local
        }
    }

    /// Walks over what stands behind the addresses, type, length and value each, and checks the checksum if there is one.
    private static func checkExtensions(_ bytes: [UInt8], from start: Int) throws(ProxyHeaderError) {
        var offset = start
        while offset < bytes.count {
            guard offset + 3 <= bytes.count else { throw .malformed("an extension is cut short") }
            let length = Int(number(bytes, offset + 1, 2))
            guard offset + 3 + length <= bytes.count else { throw .malformed("an extension is cut short") }
            if bytes[offset] == checksumType {
                guard length == 4 else { throw .malformed("the checksum has \(length) bytes") }
                var covered = bytes
                for index in offset + 3..<offset + 7 { covered[index] = 0 }
                guard UInt64(CRC32C.checksum(of: covered)) == number(bytes, offset + 3, 4) else { throw .corrupt }
            }
            offset += 3 + length
        }
    }

    /// A number of so many bytes, the most significant one first.
    private static func number(_ bytes: [UInt8], _ offset: Int, _ count: Int) -> UInt64 {
        bytes[offset..<offset + count].reduce(0) { $0 << 8 | UInt64($1) }
    }

    private static var checksumType: UInt8 { 0x03 }
}

/// The cyclic redundancy check of Castagnoli (RFC 9260 appendix A).
enum CRC32C {
    static func checksum(of bytes: [UInt8]) -> UInt32 {
        var value = UInt32.max
        for byte in bytes {
            value ^= UInt32(byte)
            for _ in 0..<8 { value = value & 1 == 1 ? value >> 1 ^ 0x82F6_3B78 : value >> 1 }
        }
        return ~value
    }
}
