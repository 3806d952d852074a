public import Messages

extension SQLiteSpool {
    /// Keeps a subscription.
    public func subscribe(
        _ address: Address, to pattern: TopicPattern, by creator: String, at time: Timestamp
    ) async throws(SpoolError) -> Subscription {
        try await writer.run { try $0.subscribe(address, to: pattern, by: creator, at: time) }
    }

    /// Removes a subscription.
    public func unsubscribe(_ id: Int64) async throws(SpoolError) -> Subscription? {
        try await writer.run { try $0.unsubscribe(id) }
    }

    /// Subscriptions in the order of their numbers.
    public func subscriptions(
        after id: Int64, of address: Address?, limit: Int
    ) async throws(SpoolError) -> [Subscription] {
        try await read { try $0.subscriptions(after: id, of: address, limit: limit) }
    }

    /// Keeps a list.
    public func setList(_ list: ListRecord) async throws(SpoolError) {
        try await writer.run { try $0.setList(list) }
    }

    /// Removes a list.
    public func removeList(_ name: String) async throws(SpoolError) {
        try await writer.run { try $0.removeList(name) }
    }

    /// The lists, by name.
    public func lists() async throws(SpoolError) -> [ListRecord] {
        try await read { try $0.lists() }
    }

    /// Keeps a decision about an address and a list.
    public func setMembership(_ membership: ListMembership) async throws(SpoolError) {
        try await writer.run { try $0.setMembership(membership) }
    }

    /// Decisions in the order of lists and addresses.
    public func memberships(after last: ListMembership?, limit: Int) async throws(SpoolError) -> [ListMembership] {
        try await read { try $0.memberships(after: last, limit: limit) }
    }
}
