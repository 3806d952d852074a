/// A block of IP addresses in CIDR notation: `10.0.0.0/8`, `2001:db8::/32` (RFC 4632, RFC 4291 §2.3).
public struct IPNetwork: Sendable, Hashable {
    /// The first address of the block.
    public let address: IPAddress
    /// How many leading bits all addresses of the block share: 0 to 32, or to 128.
    public let prefixLength: Int

    /// Parses `10.0.0.0/8`, `::1/128`, or a single address without a length.
    ///
    /// - Throws: `TransportError.invalidNetwork` with what is wrong; bits behind the prefix must be zero, as `10.0.0.1/8`
    ///   may mean one machine or all.
    public init(_ text: some StringProtocol) throws(TransportError) {
        let text = String(text)
        let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        guard let first = parts.first, !first.utf8.contains(UInt8(ascii: "%")), let address = IPAddress(first) else {
            throw .invalidNetwork(text: text, reason: "the part before the slash is no IP address")
        }
        let width = address.bitWidth
        var length = width
        if parts.count == 2 {
            let digits = parts[1].utf8
            guard digits.allSatisfy({ (0x30...0x39).contains($0) }), let number = Int(parts[1]), number <= width else {
                throw .invalidNetwork(text: text, reason: "a length is a number from 0 to \(width)")
            }
            length = number
        }
        self.init(containing: address, prefixLength: length)
        guard self.address == address else {
            throw .invalidNetwork(text: text, reason: "bits behind the prefix are set; the block is \(self)")
        }
    }

    /// The block of so many leading bits that an address is in; a length out of range becomes the nearest possible one.
    public init(containing address: IPAddress, prefixLength: Int) {
        let length = min(max(0, prefixLength), address.bitWidth)
        self.prefixLength = length
        switch address {
        case .v4(let bits):
            self.address = .v4(bits & UInt32(truncatingIfNeeded: ~(UInt64(0xFFFF_FFFF) >> UInt64(length))))
        case .v6(let upper, let lower, _):
            self.address = .v6(
                upper: upper & Self.mask(length), lower: lower & Self.mask(length - 64), zone: 0)
        }
    }

    /// Tells whether an address is in the block; an IPv4 address that came mapped (`::ffff:a.b.c.d`) counts as itself.
    public func contains(_ address: IPAddress) -> Bool {
        IPNetwork(containing: address.withoutMapping, prefixLength: prefixLength).address == self.address
    }

    /// A word of 64 bits of which so many leading ones are set.
    private static func mask(_ length: Int) -> UInt64 {
        length <= 0 ? 0 : length >= 64 ? .max : ~(UInt64.max >> UInt64(length))
    }
}

extension IPNetwork: CustomStringConvertible {
    /// The block as ``init(_:)`` reads it.
    public var description: String { "\(address)/\(prefixLength)" }
}

extension IPAddress {
    /// How many bits an address of this family has.
    fileprivate var bitWidth: Int {
        if case .v4 = self { 32 } else { 128 }
    }

    /// The IPv4 address that a mapped one stands for (RFC 4291 §2.5.5.2), or the address itself.
    ///
    /// Unlike ``unmapped`` it leaves addresses of 6to4 and the like alone: anyone can send from one that carries
    /// 10.0.0.1.
    var withoutMapping: IPAddress {
        if case .v6(0, let lower, _) = self, lower >> 32 == 0xFFFF { return .v4(UInt32(truncatingIfNeeded: lower)) }
        return self
    }
}
