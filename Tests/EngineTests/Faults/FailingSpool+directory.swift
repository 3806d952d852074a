import Messages
import Spooling

/// What users arrange works, whatever the disk does.
extension FailingSpool {
    func subscribe(
        _ address: Address, to pattern: TopicPattern, by creator: String, at time: Timestamp
    ) async throws(SpoolError) -> Subscription {
        try await spool.subscribe(address, to: pattern, by: creator, at: time)
    }

    func unsubscribe(_ id: Int64) async throws(SpoolError) -> Subscription? { try await spool.unsubscribe(id) }

    func subscriptions(
        after id: Int64, of address: Address?, limit: Int
    ) async throws(SpoolError) -> [Subscription] {
        try await spool.subscriptions(after: id, of: address, limit: limit)
    }

    func setList(_ list: ListRecord) async throws(SpoolError) { try await spool.setList(list) }

    func removeList(_ name: String) async throws(SpoolError) { try await spool.removeList(name) }

    func lists() async throws(SpoolError) -> [ListRecord] { try await spool.lists() }

    func setMembership(_ membership: ListMembership) async throws(SpoolError) {
        try await spool.setMembership(membership)
    }

    func memberships(after last: ListMembership?, limit: Int) async throws(SpoolError) -> [ListMembership] {
        try await spool.memberships(after: last, limit: limit)
    }
}
