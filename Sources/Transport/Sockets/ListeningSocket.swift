import CCurl
import CUV
import Glibc

/// A listening socket: its descriptor and, for a Unix socket, its file.
///
/// Both go with this object.
final class ListeningSocket: Sendable {
    let descriptor: CInt
    let address: SocketAddress
    private let file: FileIdentity?

    private struct FileIdentity: Hashable {
        let device: dev_t
        let number: ino_t
    }

    /// Binds and listens.
    ///
    /// - Throws: `.addressInUse` or the system's error.
    init(_ address: SocketAddress, _ options: ListenerOptions) throws(TransportError) {
        let type = CInt(SOCK_STREAM.rawValue) | CInt(SOCK_NONBLOCK.rawValue) | CInt(SOCK_CLOEXEC.rawValue)
        let descriptor = socket(address.family, type, 0)
        guard descriptor >= 0 else { throw .system(operation: "socket", code: -errno, subject: "\(address)") }
        do throws(TransportError) {
            try Self.bind(descriptor, address, options)
            guard listen(descriptor, options.backlog) == 0 else { throw Self.error("listen", address) }
            self.address = SocketAddress(of: descriptor, getsockname) ?? address
            file = try Self.finishFile(address, options)
            self.descriptor = descriptor
        } catch {
            Glibc.close(descriptor)
            throw error
        }
    }

    deinit {
        Glibc.close(descriptor)
        // Only our own file: someone may have put another one there meanwhile.
        if case .unix(let path) = address, let file, Self.identity(of: path) == file { unlink(path) }
    }

    private static func bind(
        _ descriptor: CInt, _ address: SocketAddress, _ options: ListenerOptions
    ) throws(TransportError) {
        var yes: CInt = 1
        let size = socklen_t(MemoryLayout<CInt>.size)
        switch address {
        case .unix(let path):
            try removeStaleFile(path, address)
            // Linux makes the file with the mode of the descriptor, so that it is never open to more.
            fchmod(descriptor, options.unixSocketMode)
        case .ip(let ip, _):
            setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &yes, size)
            if case .v6 = ip { setsockopt(descriptor, CInt(IPPROTO_IPV6), IPV6_V6ONLY, &yes, size) }
        }
        guard address.withNative({ Glibc.bind(descriptor, $0, $1) }) == 0 else { throw error("bind", address) }
    }

    private static func finishFile(
        _ address: SocketAddress, _ options: ListenerOptions
    ) throws(TransportError) -> FileIdentity? {
        guard case .unix(let path) = address else { return nil }
        // The process's umask may have taken bits away that were asked for.
        guard chmod(path, options.unixSocketMode) == 0 else { throw error("chmod", address) }
        return identity(of: path)
    }

    /// Removes the socket file of a process that is gone; one that is alive, or a file that is no socket, stays.
    private static func removeStaleFile(_ path: String, _ address: SocketAddress) throws(TransportError) {
        var status = stat()
        guard lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFSOCK else { return }
        let probe = socket(
            AF_UNIX, CInt(SOCK_STREAM.rawValue) | CInt(SOCK_NONBLOCK.rawValue) | CInt(SOCK_CLOEXEC.rawValue), 0)
        guard probe >= 0 else { throw error("socket", address) }
        defer { Glibc.close(probe) }
        let isRefused = address.withNative { Glibc.connect(probe, $0, $1) } != 0 && errno == ECONNREFUSED
        guard isRefused else { throw .addressInUse(address) }
        guard unlink(path) == 0 else { throw error("unlink", address) }
    }

    private static func identity(of path: String) -> FileIdentity? {
        var status = stat()
        return lstat(path, &status) == 0 ? FileIdentity(device: status.st_dev, number: status.st_ino) : nil
    }

    private static func error(_ operation: String, _ address: SocketAddress) -> TransportError {
        errno == EADDRINUSE
            ? .addressInUse(address) : .system(operation: operation, code: -errno, subject: "\(address)")
    }
}
