import Messages
import Spooling

/// What is to be written of breakers, and what the postmaster has not been told.
///
/// Everything is kept under keys of the exchange's own scope: `breaker/hook` and `breaker/hook:crm` for mailboxes and
/// lanes that are not closed, `notice/opened/hook:crm` for what is to be told. A breaker and its notice are one change.
struct BreakerLedger {
    /// Values that are not on the disk yet, by their keys; `nil` removes.
    var unwritten: [String: [UInt8]?] = [:]
    /// What the postmaster has not been told, by its key.
    var untold: [String: BreakerNotice] = [:]
    /// Writes; `nil` when there is nothing to write.
    var writing: Task<Void, Never>?
    /// Tells; `nil` when there is nothing to tell.
    var telling: Task<Void, Never>?

    /// Notes how a breaker is now, and what has happened to it.
    mutating func note(_ name: String, _ record: BreakerRecord?, _ notice: BreakerNotice?) {
        unwritten[Self.key(name)] = .some(record?.encoded)
        guard let notice else { return }
        untold[Self.key(notice)] = notice
        unwritten[Self.key(notice)] = .some(notice.encoded)
    }

    /// Forgets what the postmaster has been told, except what has happened since.
    mutating func told(_ notices: [BreakerNotice]) {
        for notice in notices where untold[Self.key(notice)] == notice {
            untold[Self.key(notice)] = nil
            unwritten[Self.key(notice)] = .some(nil)
        }
    }

    /// What could not be written is written with the next change, unless that says something newer.
    mutating func putBack(_ entries: [StateEntry]) {
        for entry in entries where unwritten[entry.key] == nil { unwritten[entry.key] = .some(entry.value) }
    }

    /// The values to write, and forgets them.
    mutating func take() -> [StateEntry] {
        defer { unwritten = [:] }
        return unwritten.map { StateEntry(key: $0, value: $1) }.sorted { $0.key < $1.key }
    }

    /// The key of a breaker.
    static func key(_ name: String) -> String { "breaker/\(name)" }

    private static func key(_ notice: BreakerNotice) -> String { "notice/\(notice.event.rawValue)/\(notice.name)" }
}
