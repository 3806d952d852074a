public import AdapterKit
public import Spooling

/// A mailbox's memory in the spool.
public struct SpoolStateStore: StateStore {
    private let spool: any MessageSpool
    private let mailbox: String

    /// Creates the memory of one mailbox.
    public init(spool: any MessageSpool, mailbox: String) {
        self.spool = spool
        self.mailbox = mailbox
    }

    /// The value under a key.
    public func value(for key: String) async throws -> [UInt8]? {
        try await spool.state(mailbox: mailbox, key: key)
    }

    /// The entries whose keys have this prefix.
    public func entries(prefix: String, after: String?, limit: Int) async throws -> [(key: String, value: [UInt8])] {
        try await spool.states(mailbox: mailbox, prefix: prefix, after: after, limit: limit).compactMap { entry in
            entry.value.map { (entry.key, $0) }
        }
    }

    /// Stores values and removes those that are `nil`.
    public func set(_ changes: [(key: String, value: [UInt8]?)]) async throws {
        try await spool.setStates(changes.map { StateEntry(key: $0.key, value: $0.value) }, mailbox: mailbox)
    }
}
