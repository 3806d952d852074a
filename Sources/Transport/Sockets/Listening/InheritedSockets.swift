import CCurl
import CUV
import Glibc
import Synchronization

/// Listening sockets that the process was started with, until someone takes them.
public final class InheritedSockets: Sendable {
    /// Tells whether a socket's name alone says what it is for.
    let areNamed: Bool
    private let sockets: Mutex<[(socket: ListeningSocket, name: String)]>

    private init(_ sockets: [(socket: ListeningSocket, name: String)], areNamed: Bool) {
        self.sockets = Mutex(sockets)
        self.areNamed = areNamed
    }

    /// No sockets.
    public static var none: InheritedSockets { InheritedSockets([], areNamed: false) }

    /// The sockets, which are the caller's from here on.
    func take() -> [(socket: ListeningSocket, name: String)] {
        sockets.withLock { sockets in
            defer { sockets = [] }
            return sockets
        }
    }

    /// The sockets that a service manager has passed (`sd_listen_fds(3)`): `LISTEN_FDS` of them from descriptor 3 on,
    /// if `LISTEN_PID` is this process, named by `LISTEN_FDNAMES`.
    ///
    /// They are closed in programs that the process starts. To be called once, at the start; the caller removes the
    /// variables (``variables``) from the environment.
    ///
    /// - Throws: `TransportError.notListening` for a descriptor that is no listening stream socket.
    public static func passed(
        _ environment: [String: String], process: Int32
    ) throws(TransportError) -> InheritedSockets {
        guard environment["LISTEN_PID"].flatMap(Int32.init) == process,
            let count = environment["LISTEN_FDS"].flatMap(CInt.init), count > 0, count < 4_096
        else { return .none }
        let names = environment["LISTEN_FDNAMES"].map { $0.split(separator: ":", omittingEmptySubsequences: false) }
        return try adopt((0..<count).map { (firstDescriptor + $0, String(names?.at(Int($0)) ?? "")) }, areNamed: true)
    }

    /// The variables that ``passed(_:process:)`` reads, and that programs the process starts must not see.
    public static var variables: [String] { ["LISTEN_PID", "LISTEN_FDS", "LISTEN_FDNAMES"] }

    /// Where passed descriptors begin.
    static var firstDescriptor: CInt { 3 }

    /// Takes descriptors over, which are closed in programs that the process starts.
    ///
    /// - Throws: `TransportError.notListening`
    package static func adopt(
        _ descriptors: [(descriptor: Int32, name: String)], areNamed: Bool
    ) throws(TransportError) -> InheritedSockets {
        var sockets: [(socket: ListeningSocket, name: String)] = []
        for (descriptor, name) in descriptors {
            sockets.append((try adopt(descriptor), name))
        }
        return InheritedSockets(sockets, areNamed: areNamed)
    }

    private static func adopt(_ descriptor: CInt) throws(TransportError) -> ListeningSocket {
        guard fcntl(descriptor, F_SETFD, FD_CLOEXEC) == 0 else {
            throw .notListening(descriptor: descriptor, reason: "it is not open")
        }
        guard let type = SocketOptions.get(descriptor, SOL_SOCKET, SO_TYPE) else {
            throw .notListening(descriptor: descriptor, reason: "it is no socket")
        }
        guard type == CInt(SOCK_STREAM.rawValue), SocketOptions.get(descriptor, SOL_SOCKET, SO_ACCEPTCONN) == 1,
            let address = SocketAddress(of: descriptor, getsockname)
        else {
            throw .notListening(descriptor: descriptor, reason: "it is a socket, but takes no stream connections")
        }
        return ListeningSocket(adopting: descriptor, at: address)
    }
}

extension Array {
    fileprivate func at(_ index: Int) -> Element? {
        indices.contains(index) ? self[index] : nil
    }
}
