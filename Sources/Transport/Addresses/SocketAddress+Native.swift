import CCurl
import CUV
import Glibc

extension SocketAddress {
    /// The address family, as `socket` wants it.
    var family: CInt {
        switch self {
        case .ip(.v4, _): AF_INET
        case .ip(.v6, _): AF_INET6
        case .unix: AF_UNIX
        }
    }

    /// Lends the address in the system's form.
    func withNative<Result>(_ body: (UnsafePointer<sockaddr>, socklen_t) -> Result) -> Result {
        switch self {
        case .ip(.v4(let bits), let port):
            var native = sockaddr_in()
            native.sin_family = sa_family_t(AF_INET)
            native.sin_port = port.bigEndian
            native.sin_addr.s_addr = bits.bigEndian
            return Self.lend(native, length: MemoryLayout<sockaddr_in>.size, body)
        case .ip(.v6(let upper, let lower, let zone), let port):
            var native = sockaddr_in6()
            native.sin6_family = sa_family_t(AF_INET6)
            native.sin6_port = port.bigEndian
            native.sin6_addr = IPAddress.v6(upper: upper, lower: lower, zone: zone).native6
            native.sin6_scope_id = zone
            return Self.lend(native, length: MemoryLayout<sockaddr_in6>.size, body)
        case .unix(let path):
            var native = sockaddr_un()
            native.sun_family = sa_family_t(AF_UNIX)
            withUnsafeMutableBytes(of: &native.sun_path) {
                $0.copyBytes(from: path.utf8.prefix(Self.maximalPathLength))
            }
            return Self.lend(native, length: MemoryLayout<sockaddr_un>.size, body)
        }
    }

    private static func lend<Native, Result>(
        _ native: Native, length: Int, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Result
    ) -> Result {
        withUnsafeBytes(of: native) { bytes in
            // The bytes of `native` are never empty.
            body(bytes.assumingMemoryBound(to: sockaddr.self).baseAddress.unsafelyUnwrapped, socklen_t(length))
        }
    }

    /// Reads the system's form; nil for a family that is neither IP nor Unix.
    init?(native: UnsafePointer<sockaddr>, length: socklen_t) {
        let bytes = UnsafeRawBufferPointer(start: native, count: Int(length))
        switch CInt(native.pointee.sa_family) {
        case AF_INET where bytes.count >= MemoryLayout<sockaddr_in>.size:
            let four = bytes.loadUnaligned(as: sockaddr_in.self)
            self = .ip(.v4(UInt32(bigEndian: four.sin_addr.s_addr)), port: UInt16(bigEndian: four.sin_port))
        case AF_INET6 where bytes.count >= MemoryLayout<sockaddr_in6>.size:
            let six = bytes.loadUnaligned(as: sockaddr_in6.self)
            self = .ip(IPAddress(six.sin6_addr, zone: six.sin6_scope_id), port: UInt16(bigEndian: six.sin6_port))
        case AF_UNIX:
            let path = bytes.dropFirst(MemoryLayout<sa_family_t>.size).prefix { $0 != 0 }
            self = .unix(path: String(decoding: path, as: UTF8.self))
        default:
            return nil
        }
    }

    /// Asks a socket for one of its two addresses, with `getsockname` or `getpeername`.
    init?(of descriptor: CInt, _ ask: (CInt, UnsafeMutablePointer<sockaddr>, UnsafeMutablePointer<socklen_t>) -> CInt) {
        var storage = sockaddr_storage()
        var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
        let address = withUnsafeMutablePointer(to: &storage) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { native in
                ask(descriptor, native, &length) == 0 ? SocketAddress(native: native, length: length) : nil
            }
        }
        guard let address else { return nil }
        self = address
    }
}
