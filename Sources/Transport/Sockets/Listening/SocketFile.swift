import CCurl
import CUV
import Glibc

/// The file of a Unix socket, as it was when the socket was bound.
struct SocketFile: Sendable {
    private let path: String
    private let device: dev_t
    private let number: ino_t

    /// The file at a Unix address as it is now; nil for other addresses and when there is none.
    init?(at address: SocketAddress) {
        var status = stat()
        guard case .unix(let path) = address, !path.isEmpty, lstat(path, &status) == 0 else { return nil }
        self.path = path
        device = status.st_dev
        number = status.st_ino
    }

    /// The file of a socket just bound, with this mode.
    ///
    /// - Throws: The system's error.
    static func finish(_ address: SocketAddress, mode: UInt32) throws(TransportError) -> SocketFile? {
        guard case .unix(let path) = address else { return nil }
        // The process's umask may have taken bits away that were asked for.
        guard chmod(path, mode) == 0 else { throw ListeningSocket.error("chmod", address) }
        return SocketFile(at: address)
    }

    /// Removes the file unless someone has put another one in its place.
    func remove() {
        if let now = SocketFile(at: .unix(path: path)), now.device == device, now.number == number { unlink(path) }
    }

    /// Removes the socket file of a process that is gone; one that is alive, or a file that is no socket, stays.
    ///
    /// - Throws: `.addressInUse` or the system's error.
    static func removeStale(_ path: String, _ address: SocketAddress) throws(TransportError) {
        var status = stat()
        guard lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFSOCK else { return }
        let probe = socket(
            AF_UNIX, CInt(SOCK_STREAM.rawValue) | CInt(SOCK_NONBLOCK.rawValue) | CInt(SOCK_CLOEXEC.rawValue), 0)
        guard probe >= 0 else { throw ListeningSocket.error("socket", address) }
        defer { Glibc.close(probe) }
        let isRefused = address.withNative { Glibc.connect(probe, $0, $1) } != 0 && errno == ECONNREFUSED
        guard isRefused else { throw .addressInUse(address) }
        guard unlink(path) == 0 else { throw ListeningSocket.error("unlink", address) }
    }
}
