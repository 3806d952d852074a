import Clocks
import Crypto
import Logging
public import Messages
import Synchronization

extension SQLiteSpool {
    /// Makes a message, its dispatches and its dedupe key durable in one transaction.
    public func accept(_ entry: SpoolEntry) async throws(SpoolError) -> SpoolAcceptance {
        try checkRoom()
        let prepared = try PreparedEntry(entry)
        return try await writer.run { try $0.accept(prepared) }
    }

    /// Makes several messages durable in one transaction: all of them or none.
    public func accept(_ entries: [SpoolEntry]) async throws(SpoolError) -> [SpoolAcceptance] {
        try checkRoom()
        var prepared: [PreparedEntry] = []
        for entry in entries { prepared.append(try PreparedEntry(entry)) }
        return try await writer.run { [prepared] writer in try prepared.map { try writer.accept($0) } }
    }

    /// Records that attempts are about to be made, and returns the numbers of those that may be.
    public func begin(_ attempts: [AttemptStart]) async throws(SpoolError) -> [Int64] {
        guard !attempts.isEmpty else { return [] }
        return try await writer.run { try $0.begin(attempts) }
    }

    /// Records how an attempt ended; with a bounce, both are one transaction.
    ///
    /// A settlement of a dispatch that is settled already, or of an attempt that is not the last, changes nothing.
    public func settle(_ settlement: Settlement) async throws(SpoolError) {
        let prepared = try PreparedSettlement(settlement)
        if !(try await writer.run { try $0.settle(prepared) }) { tellIgnored(settlement) }
    }

    /// Records how several attempts ended, in one transaction; each as ``settle(_:)-(Settlement)``.
    public func settle(_ settlements: [Settlement]) async throws(SpoolError) {
        guard !settlements.isEmpty else { return }
        var prepared: [PreparedSettlement] = []
        prepared.reserveCapacity(settlements.count)
        for settlement in settlements { prepared.append(try PreparedSettlement(settlement)) }
        let ignored = try await writer.run { [prepared] writer in
            try prepared.filter { try !writer.settle($0) }.map(\.settlement)
        }
        for settlement in ignored { tellIgnored(settlement) }
    }

    /// Lets no dispatch wait longer than the pause that it was given.
    public func shortenWaits(at time: Timestamp) async throws(SpoolError) -> Int {
        try await writer.run { try $0.shortenWaits(at: time) }
    }

    private func tellIgnored(_ settlement: Settlement) {
        logger.warning("settlement ignored", ["dispatch": settlement.number, "attempt": settlement.attempt])
    }

    /// Stores values of a mailbox and removes others in one transaction.
    public func setStates(_ changes: [StateEntry], mailbox: String) async throws(SpoolError) {
        try await writer.run { try $0.setStates(changes, mailbox: mailbox) }
    }
}
