public import Messages

/// What users have arranged at run time, kept beside the messages: subscriptions, lists and their members.
///
/// Every function that changes something returns only after the change is on stable storage.
public protocol DirectoryStore: Sendable {
    /// Keeps a subscription.
    ///
    /// - Returns: it, or the older one of the same pattern to the same address.
    func subscribe(
        _ address: Address, to pattern: TopicPattern, by creator: String, at time: Timestamp
    ) async throws(SpoolError) -> Subscription

    /// Removes a subscription by its number; `nil` when there is none.
    func unsubscribe(_ id: Int64) async throws(SpoolError) -> Subscription?

    /// Subscriptions in the order of their numbers, at most `limit` after the one of the number `id`; of one address alone
    /// where one is given.
    ///
    /// One whose pattern or address cannot be read any more is left out.
    func subscriptions(
        after id: Int64, of address: Address?, limit: Int
    ) async throws(SpoolError) -> [Subscription]

    /// Keeps a list, in the place of one of that name.
    func setList(_ list: ListRecord) async throws(SpoolError)

    /// Removes a list and what was decided about its members.
    func removeList(_ name: String) async throws(SpoolError)

    /// The lists, by name.
    func lists() async throws(SpoolError) -> [ListRecord]

    /// Keeps a decision about an address and a list, in the place of an earlier one.
    func setMembership(_ membership: ListMembership) async throws(SpoolError)

    /// Decisions in the order of lists and addresses, at most `limit` after the one given.
    func memberships(after last: ListMembership?, limit: Int) async throws(SpoolError) -> [ListMembership]
}
