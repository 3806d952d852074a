import CCurl
import CUV
import Glibc
import Synchronization

/// A listening socket: its descriptor and, for a Unix socket, its file.
///
/// Both go with this object, the file only while it is this process's to remove.
final class ListeningSocket: Sendable {
    let descriptor: CInt
    let address: SocketAddress
    private let file: SocketFile?
    private let ownsFile = Atomic<Bool>(true)

    /// Takes over a descriptor that listens already.
    init(adopting descriptor: CInt, at address: SocketAddress) {
        self.descriptor = descriptor
        self.address = address
        file = SocketFile(at: address)
        SocketOptions.keepAlive(descriptor, address)
    }

    /// Binds and listens; a socket that joins others listens on their address beside them.
    ///
    /// - Throws: `.addressInUse` or the system's error.
    init(_ address: SocketAddress, _ options: ListenerOptions, joins: Bool = false) throws(TransportError) {
        let type = CInt(SOCK_STREAM.rawValue) | CInt(SOCK_NONBLOCK.rawValue) | CInt(SOCK_CLOEXEC.rawValue)
        let descriptor = socket(address.family, type, 0)
        guard descriptor >= 0 else { throw .system(operation: "socket", code: -errno, subject: "\(address)") }
        do throws(TransportError) {
            if joins { try SocketOptions.shareAddress(descriptor, address) }
            try Self.bind(descriptor, address, options)
            guard listen(descriptor, options.backlog) == 0 else { throw Self.error("listen", address) }
            self.address = SocketAddress(of: descriptor, getsockname) ?? address
            file = try SocketFile.finish(address, mode: options.unixSocketMode)
            self.descriptor = descriptor
            SocketOptions.keepAlive(descriptor, address)
        } catch {
            Glibc.close(descriptor)
            throw error
        }
    }

    deinit {
        Glibc.close(descriptor)
        if ownsFile.load(ordering: .acquiring) { file?.remove() }
    }

    /// Leaves the file to another process that has the socket.
    func leaveFile() {
        ownsFile.store(false, ordering: .releasing)
    }

    /// Takes the file back.
    func reclaimFile() {
        ownsFile.store(true, ordering: .releasing)
    }

    /// So many sockets on an IP address, between which the kernel spreads connections; one for a Unix socket.
    ///
    /// The first one is bound and listens alone, so a port that any other process has is refused, one of the same user
    /// too; only then it lets others join (`SO_REUSEPORT`, socket(7)). Fewer than asked for when the system will not.
    ///
    /// - Throws: `.addressInUse` or the system's error.
    static func open(
        _ address: SocketAddress, _ options: ListenerOptions, count: Int
    ) throws(TransportError) -> [ListeningSocket] {
        var sockets = [try ListeningSocket(address, options)]
        guard !address.isUnix, count > 1 else { return sockets }
        do throws(TransportError) {
            try SocketOptions.shareAddress(sockets[0].descriptor, address)
            while sockets.count < count {
                sockets.append(try ListeningSocket(sockets[0].address, options, joins: true))
            }
        } catch {
            // One socket does as well: its loop passes connections on to the others.
            return [sockets[0]]
        }
        return sockets
    }

    private static func bind(
        _ descriptor: CInt, _ address: SocketAddress, _ options: ListenerOptions
    ) throws(TransportError) {
        switch address {
        case .unix(let path):
            try SocketFile.removeStale(path, address)
            // Linux makes the file with the mode of the descriptor, so that it is never open to more.
            fchmod(descriptor, options.unixSocketMode)
        case .ip(let ip, _):
            SocketOptions.set(descriptor, SOL_SOCKET, SO_REUSEADDR, 1)
            if case .v6 = ip { SocketOptions.set(descriptor, CInt(IPPROTO_IPV6), IPV6_V6ONLY, 1) }
        }
        guard address.withNative({ Glibc.bind(descriptor, $0, $1) }) == 0 else { throw error("bind", address) }
    }

    static func error(_ operation: String, _ address: SocketAddress) -> TransportError {
        errno == EADDRINUSE
            ? .addressInUse(address) : .system(operation: operation, code: -errno, subject: "\(address)")
    }
}
