import CCurl
import Glibc
import Logging

/// A listener's part on one loop: its acceptors there, and its connections; used on that loop's thread only.
final class ListenerPost {
    typealias Body = @Sendable (Connection) async -> Void

    private struct Guest {
        let connection: Connection
        let task: Task<Void, Never>
    }

    let loop: EventLoop
    private let listener: Listener
    /// Its place among the posts.
    private let index: Int
    private var acceptors: [Acceptor] = []
    private var guests: [Guest] = []
    private var body: Body?
    /// Closes when the loop stops, which ends the post whatever its connections do.
    private var sentinel: LoopTimer?
    private var isDraining = false
    private var endsIdle = false
    /// The posts on all loops, with this one.
    private var siblings: [LoopBound<ListenerPost>] = []

    init(loop: EventLoop, listener: Listener, index: Int) {
        self.loop = loop
        self.listener = listener
        self.index = index
    }

    /// Begins to accept, from those of the sockets that are this loop's.
    func begin(
        _ sockets: [ListeningSocket], siblings: [LoopBound<ListenerPost>], _ fault: AcceptFault?, _ body: @escaping Body
    ) {
        self.body = body
        self.siblings = siblings
        let sentinel = LoopTimer(loop: loop)
        sentinel.whenClosed = { [unowned self] in end() }
        self.sentinel = sentinel
        for socket in sockets {
            let acceptor = Acceptor(socket, fault: fault, post: self)
            do throws(TransportError) {
                try acceptor.start()
                acceptors.append(acceptor)
            } catch {
                listener.logger.error("cannot listen", ["address": listener.localAddress, "error": error])
            }
        }
    }

    func resume() {
        for acceptor in acceptors { acceptor.resume() }
    }

    func stopAccepting() {
        for acceptor in acceptors { acceptor.close() }
        acceptors = []
    }

    /// Says on all connections that no more work should be begun.
    func drain() {
        isDraining = true
        for guest in guests { guest.connection.markDraining() }
        endIfEmpty()
    }

    /// Ends the reads of connections that have nothing under way.
    func endIdle() {
        endsIdle = true
        for guest in guests { guest.connection.endIdleReads() }
    }

    /// Accepts no more and cancels what is under way.
    func cancel() {
        stopAccepting()
        isDraining = true
        for guest in guests {
            guest.task.cancel()
            // Some reads do not look at the task.
            guest.connection.endReads()
        }
        endIfEmpty()
    }

    /// Lets go of connections whose bodies do not end.
    func abandon() {
        for guest in guests {
            guest.connection.close()
            leave()
        }
        guests = []
        endIfEmpty()
    }

    private func endIfEmpty() {
        if isDraining, acceptors.isEmpty, guests.isEmpty { sentinel?.close() }
    }

    private func end() {
        sentinel = nil
        body = nil
        siblings = []
        listener.postEnded()
    }
}

// MARK: - Accepting

extension ListenerPost {
    func admit() -> Bool { listener.quota.take() }

    func dismiss() { listener.giveBack() }

    /// A connection of this loop has ended, or was none after all.
    private func leave() {
        listener.balance.left(index)
        dismiss()
    }

    /// No room: whoever leaves next has the acceptors go on.
    func waitForRoom() {
        if !listener.quota.waitForRoom() { resume() }
    }

    func report(shortage code: CInt) {
        listener.logger.warning(
            "cannot accept, connections wait",
            ["address": listener.localAddress, "error": TransportError.text(of: code)])
    }

    func reportRecovery() {
        listener.logger.info("accepting again", ["address": listener.localAddress])
    }

    /// Takes a connection that has been counted, or passes it on to a loop that has fewer.
    func take(_ socket: AcceptedSocket) {
        let place = listener.balance.place(comingTo: index)
        guard place != index else { return serve(socket) }
        let other = siblings[place]
        if other.loop.execute({ other.value.serve(socket) }) { return }
        listener.balance.left(place)
        dismiss()
    }

    private func serve(_ socket: AcceptedSocket) {
        guard let body else { return leave() }
        let connection: Connection
        do throws(TransportError) {
            connection = try Connection.adopt(socket, listener: listener.localAddress, on: loop)
        } catch {
            listener.logger.debug("connection lost", ["address": listener.localAddress, "error": error])
            return leave()
        }
        if isDraining { connection.markDraining() }
        if endsIdle { connection.endIdleReads() }
        connection.slot = guests.count
        let post = LoopBound(self, to: loop)
        let task = Task(executorPreference: loop) {
            await body(connection)
            // A loop that is gone has ended its posts.
            connection.loop.perform { post.value.remove(connection) }
        }
        guests.append(Guest(connection: connection, task: task))
    }

    private func remove(_ connection: Connection) {
        connection.close()
        let slot = connection.slot
        // Abandoned ones are no longer there.
        guard slot < guests.count, guests[slot].connection === connection else { return }
        guests.swapAt(slot, guests.count - 1)
        guests[slot].connection.slot = slot
        guests.removeLast()
        leave()
        endIfEmpty()
    }
}
