import CCurl
import CUV
import Glibc

/// The options of sockets that are set in more than one place.
enum SocketOptions {
    /// Has the kernel find out that the other end is gone without a word, and send what is written at once.
    ///
    /// A silent other end is asked after a minute, and given up after another one; so is one that takes nothing of what
    /// it was sent. Connections inherit it from their listening socket. A failure costs time and memory only.
    static func keepAlive(_ descriptor: CInt, _ address: SocketAddress) {
        guard !address.isUnix else { return }
        let tcp = CInt(IPPROTO_TCP)
        set(descriptor, SOL_SOCKET, SO_KEEPALIVE, 1)
        set(descriptor, tcp, TCP_KEEPIDLE, 60)
        set(descriptor, tcp, TCP_KEEPINTVL, 15)
        set(descriptor, tcp, TCP_KEEPCNT, 4)
        set(descriptor, tcp, TCP_USER_TIMEOUT, 120_000)
        // Answers are written whole, so waiting for more bytes to send would only delay them.
        set(descriptor, tcp, TCP_NODELAY, 1)
    }

    /// Lets other sockets of this user listen on the same address.
    ///
    /// - Throws: The system's error.
    static func shareAddress(_ descriptor: CInt, _ address: SocketAddress) throws(TransportError) {
        guard set(descriptor, SOL_SOCKET, SO_REUSEPORT, 1) else {
            throw .system(operation: "setsockopt", code: -errno, subject: "\(address)")
        }
    }

    @discardableResult
    static func set(_ descriptor: CInt, _ level: CInt, _ name: CInt, _ value: CInt) -> Bool {
        var value = value
        return setsockopt(descriptor, level, name, &value, socklen_t(MemoryLayout<CInt>.size)) == 0
    }

    /// The value of an option that is a number; nil when the descriptor has none.
    static func get(_ descriptor: CInt, _ level: CInt, _ name: CInt) -> CInt? {
        var value: CInt = 0
        var size = socklen_t(MemoryLayout<CInt>.size)
        return getsockopt(descriptor, level, name, &value, &size) == 0 ? value : nil
    }
}
