import CCurl
import CUV
import Glibc

/// An IPv4 or IPv6 address without a port.
public enum IPAddress: Sendable, Hashable {
    /// An IPv4 address, its first byte the most significant one.
    case v4(UInt32)
    /// An IPv6 address as its upper and lower half; the zone is the number of the interface for link-local ones, else
    /// 0.
    case v6(upper: UInt64, lower: UInt64, zone: UInt32)

    /// Parses `127.0.0.1`, `::1` or `fe80::1%2` (RFC 4291 §2.2); nil for anything else, names included.
    public init?(_ text: some StringProtocol) {
        guard text.utf8.count <= 64, !text.utf8.contains(0) else { return nil }
        let parts = text.split(separator: "%", maxSplits: 1, omittingEmptySubsequences: false)
        var four = in_addr()
        var six = in6_addr()
        if parts.count == 1, inet_pton(AF_INET, String(text), &four) == 1 {
            self = .v4(UInt32(bigEndian: four.s_addr))
        } else if let first = parts.first, inet_pton(AF_INET6, String(first), &six) == 1 {
            guard parts.count == 1 || UInt32(parts[1]) != nil else { return nil }
            self.init(six, zone: parts.count == 2 ? UInt32(parts[1]) ?? 0 : 0)
        } else {
            return nil
        }
    }

    init(_ native: in6_addr, zone: UInt32) {
        let (upper, lower) = withUnsafeBytes(of: native) {
            ($0.loadUnaligned(as: UInt64.self), $0.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
        }
        self = .v6(upper: UInt64(bigEndian: upper), lower: UInt64(bigEndian: lower), zone: zone)
    }

    /// The address as the system's IPv6 structure; for `.v4` the mapped one, `::ffff:a.b.c.d`.
    var native6: in6_addr {
        var native = in6_addr()
        let halves: (UInt64, UInt64) =
            switch self {
            case .v4(let bits): (0, (0xFFFF_0000_0000 | UInt64(bits)).bigEndian)
            case .v6(let upper, let lower, _): (upper.bigEndian, lower.bigEndian)
            }
        withUnsafeMutableBytes(of: &native) { target in
            withUnsafeBytes(of: halves) { target.copyMemory(from: $0) }
        }
        return native
    }
}

extension IPAddress: CustomStringConvertible {
    /// The address in its usual form: `127.0.0.1`, `::1`, `fe80::1%2`.
    public var description: String {
        switch self {
        case .v4(let bits):
            return "\(bits >> 24).\(bits >> 16 & 255).\(bits >> 8 & 255).\(bits & 255)"
        case .v6(_, _, let zone):
            var native = native6
            let text = withUnsafeTemporaryAllocation(of: CChar.self, capacity: Int(INET6_ADDRSTRLEN)) { buffer in
                inet_ntop(AF_INET6, &native, buffer.baseAddress, socklen_t(INET6_ADDRSTRLEN)).map {
                    String(cString: $0)
                }
            }
            return zone == 0 ? text ?? "::" : "\(text ?? "::")%\(zone)"
        }
    }
}
