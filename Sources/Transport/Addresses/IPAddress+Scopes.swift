extension IPAddress {
    /// Tells whether the address is this machine's own: 127.0.0.0/8, ::1, or the first as a mapped IPv6 address.
    public var isLoopback: Bool {
        switch unmapped {
        case .v4(let bits): bits >> 24 == 127
        case .v6(let upper, let lower, _): upper == 0 && lower == 1
        }
    }

    /// Tells whether the address is not one of the public Internet's, so that a request someone else asked for must not
    /// go there.
    ///
    /// Private are the special-purpose blocks of RFC 6890 and its registries: loopback, RFC 1918, link local, shared
    /// (CGNAT), unique local, multicast, unspecified, broadcast, documentation, benchmarking, reserved; IPv6 addresses
    /// that carry an IPv4 one (mapped, translated, 6to4) count as that one.
    public var isPrivate: Bool {
        switch unmapped {
        case .v4(let bits): Self.privateBlocks.contains { bits >> (32 - $0.length) == $0.bits >> (32 - $0.length) }
        case .v6(let upper, _, _): Self.isPrivate6(upper)
        }
    }

    /// The IPv4 address that an IPv6 one stands for, or the address itself.
    public var unmapped: IPAddress {
        guard case .v6(let upper, let lower, _) = self else { return self }
        // ::ffff:0:0/96 mapped, ::/96 compatible (but :: and ::1), 64:ff9b::/96 translated, 2002::/16 6to4.
        if upper == 0, lower >> 32 == 0xFFFF { return .v4(UInt32(truncatingIfNeeded: lower)) }
        if upper == 0, lower >> 32 == 0, lower > 1 { return .v4(UInt32(truncatingIfNeeded: lower)) }
        if upper == 0x0064_FF9B_0000_0000, lower >> 32 == 0 { return .v4(UInt32(truncatingIfNeeded: lower)) }
        if upper >> 48 == 0x2002 { return .v4(UInt32(truncatingIfNeeded: upper >> 16)) }
        return self
    }

    /// Global unicast is 2000::/3 (RFC 4291 §2.4); of that, documentation, Teredo and ORCHID are not for connecting to.
    private static func isPrivate6(_ upper: UInt64) -> Bool {
        guard upper >> 61 == 0b001 else { return true }
        return upper >> 32 == 0x2001_0DB8 || upper >> 44 == 0x3_FFF0 || upper >> 41 == 0x2001_0000 >> 9
    }

    /// The IANA IPv4 special-purpose registry, and multicast and reserved space.
    private static var privateBlocks: [(bits: UInt32, length: UInt32)] {
        [
            (0x0000_0000, 8), (0x0A00_0000, 8), (0x6440_0000, 10), (0x7F00_0000, 8), (0xA9FE_0000, 16),
            (0xAC10_0000, 12), (0xC000_0000, 24), (0xC000_0200, 24), (0xC058_6300, 24), (0xC0A8_0000, 16),
            (0xC612_0000, 15), (0xC633_6400, 24), (0xCB00_7100, 24), (0xE000_0000, 3),
        ]
    }
}
