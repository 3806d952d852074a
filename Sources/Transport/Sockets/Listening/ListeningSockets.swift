import Synchronization

/// The listening sockets of a process: those that it inherited, and those that it may leave to a successor.
///
/// A ``Listener`` that is bound with it takes its sockets from here, or has them opened. They stay open when the
/// listener ends, so that connections wait in the kernel for the next one, until ``close()``.
public final class ListeningSockets: Sendable {
    fileprivate struct Entry {
        let socket: ListeningSocket
        let name: String
        /// Tells whether its name alone says what it is for, wherever it listens.
        let isNamed: Bool
        var isTaken = false
    }

    private let entries: Mutex<[Entry]>

    /// Takes the sockets that were inherited, if any.
    public init(_ inherited: InheritedSockets = .none) {
        entries = Mutex(
            inherited.take().map { Entry(socket: $0.socket, name: $0.name, isNamed: inherited.areNamed) })
    }

    /// The addresses of sockets that no listener has taken.
    public var unused: [SocketAddress] {
        entries.withLock { $0.filter { !$0.isTaken }.map(\.socket.address) }
    }

    /// Closes the sockets that no listener has taken.
    public func closeUnused() {
        entries.withLock { $0.removeAll { !$0.isTaken } }
    }

    /// Closes the sockets, each as soon as its listener ends.
    public func close() {
        entries.withLock { $0 = [] }
    }

    /// Has listeners to come find the sockets of those that have ended.
    public func putBack() {
        entries.withLock { entries in
            for index in entries.indices { entries[index].isTaken = false }
        }
    }

    /// Leaves the files of Unix sockets to a successor, or takes them back from one that failed.
    public func leaveFiles(_ leaves: Bool) {
        entries.withLock { entries in
            for entry in entries { leaves ? entry.socket.leaveFile() : entry.socket.reclaimFile() }
        }
    }

    /// The sockets that listeners have taken, and what they are called.
    var taken: [(socket: ListeningSocket, name: String)] {
        entries.withLock { $0.filter(\.isTaken).map { ($0.socket, $0.name) } }
    }

    /// The sockets at the address, opened if there are none.
    ///
    /// - Throws: `.addressInUse` or the system's error.
    func take(
        for address: SocketAddress, name: String?, _ options: ListenerOptions, count: Int
    ) throws(TransportError) -> [ListeningSocket] {
        let found = entries.withLock { $0.take(for: address, name: name) }
        if !found.isEmpty { return found }
        let opened = try ListeningSocket.open(address, options, count: count)
        entries.withLock { entries in
            entries += opened.map { Entry(socket: $0, name: name ?? "", isNamed: false, isTaken: true) }
        }
        return opened
    }
}

extension [ListeningSockets.Entry] {
    /// Those at this address; else those that are named so.
    fileprivate mutating func take(for address: SocketAddress, name: String?) -> [ListeningSocket] {
        let free = indices.filter { !self[$0].isTaken }
        var found = free.filter { self[$0].socket.address == address }
        if found.isEmpty, let name {
            found = free.filter { index in
                let entry = self[index]
                guard entry.name == name else { return false }
                // Any port is as good as the one that was found before.
                return entry.isNamed || address.port == 0 && entry.socket.address.ip == address.ip
            }
        }
        // One listener has one address.
        let first = found.first.map { self[$0].socket.address }
        found = found.filter { self[$0].socket.address == first }
        for index in found { self[index].isTaken = true }
        return found.map { self[$0].socket }
    }
}
