import Clocks
import Configuration
import Logging
public import Messages
public import Routing
import Spooling
import Synchronization

/// Why a list or a subscription cannot be changed so.
public enum DirectoryError: Error, Sendable, Hashable {
    /// There is no subscription of this number.
    case noSubscription(Int64)
    /// Nobody has subscribed this address to this pattern.
    case notSubscribed(pattern: String, address: String)
    /// There is no list of this name.
    case noList(String, nearest: String?)
    /// The list stands in routes.yaml, which the router never writes.
    case inFile(list: String, location: String)
    /// The name is none that a list can have.
    case badName(String)
    /// The rules of the list do not allow it.
    case forbidden(String)
}

extension DirectoryError: CustomStringConvertible {
    /// What is wrong, and what to do.
    public var description: String {
        switch self {
        case .noSubscription(let id): "there is no subscription \(id)"
        case .notSubscribed(let pattern, let address): "\(address) has not subscribed to \(pattern)"
        case .noList(let name, let nearest):
            "there is no list \"\(name)\"" + (nearest.map { "; did you mean \"\($0)\"?" } ?? "")
        case .inFile(let list, let location): "the list \"\(list)\" stands at \(location); change it there"
        case .badName(let name): "\"\(name)\" is no name; names are a letter from a to z, then letters, digits, _ and -"
        case .forbidden(let reason): reason
        }
    }
}

extension Exchange {
    /// How many rows are read at once at the start.
    private static let pageSize = 10_000

    /// Takes up what users have arranged, before the first message is taken.
    func loadDirectory() async throws(SpoolError) {
        var last: Int64 = 0
        while true {
            let page = try await spool.subscriptions(after: last, of: nil, limit: Self.pageSize)
            directory.add(page)
            guard let end = page.last else { break }
            last = end.id
        }
        for list in try await spool.lists() { directory.set(list) }
        var membership: ListMembership?
        while true {
            let page = try await spool.memberships(after: membership, limit: Self.pageSize)
            for entry in page { directory.set(entry) }
            guard let end = page.last else { break }
            membership = end
        }
    }

    // MARK: Subscriptions

    /// Subscribes an address to the topics of a pattern, from the next message on.
    ///
    /// - Returns: the subscription, which may be there already.
    /// - Throws: ``ExchangeError`` when nothing can be sent to the address, ``SpoolError``.
    public nonisolated func subscribe(
        _ address: Address, to pattern: TopicPattern, by creator: String
    ) async throws -> Subscription {
        try checkRecipient(address)
        let subscription = try await spool.subscribe(address, to: pattern, by: creator, at: clock.now)
        directory.add(subscription)
        logger.info("subscribed", ["address": address, "pattern": pattern, "by": creator])
        return subscription
    }

    /// Ends a subscription by its number.
    ///
    /// - Throws: ``DirectoryError``, ``SpoolError``.
    public nonisolated func unsubscribe(_ id: Int64, by actor: String) async throws -> Subscription {
        guard let subscription = try await spool.unsubscribe(id) else { throw DirectoryError.noSubscription(id) }
        directory.remove(id)
        logger.info(
            "unsubscribed", ["address": subscription.address, "pattern": subscription.pattern, "by": actor])
        return subscription
    }

    /// Ends the subscription of an address to a pattern.
    ///
    /// - Throws: ``DirectoryError``, ``SpoolError``.
    public nonisolated func unsubscribe(
        _ address: Address, from pattern: TopicPattern, by actor: String
    ) async throws -> Subscription {
        var last: Int64 = 0
        while true {
            let page = try await spool.subscriptions(after: last, of: address, limit: 1_000)
            if let found = page.first(where: { $0.pattern == pattern }) {
                return try await unsubscribe(found.id, by: actor)
            }
            guard let end = page.last else { break }
            last = end.id
        }
        throw DirectoryError.notSubscribed(pattern: pattern.description, address: address.description)
    }

    // MARK: Lists

    /// All lists as they are now, by name.
    public nonisolated var lists: [MailingList] {
        let table = routing.withLock { $0.table }
        return Set(table.lists.keys).union(directory.listNames).sorted().compactMap { table.list(named: $0) }
    }

    /// A list as it is now.
    ///
    /// - Throws: ``DirectoryError/noList(_:nearest:)``
    public nonisolated func list(named name: String) throws(DirectoryError) -> MailingList {
        let table = routing.withLock { $0.table }
        if let list = table.list(named: name) { return list }
        let names = Set(table.lists.keys).union(directory.listNames).sorted()
        throw .noList(name, nearest: nearest(to: name, among: names))
    }

    /// Makes a list at run time, or changes the rules of one.
    ///
    /// - Throws: ``DirectoryError``, ``SpoolError``.
    public nonisolated func setList(
        _ name: String, posting: MailingList.Posting, joining: MailingList.Joining
    ) async throws -> MailingList {
        try checkIsNotInFile(name)
        guard MailboxName.isValid(name) else { throw DirectoryError.badName(name) }
        let record = ListRecord(
            name: name, posting: posting.rawValue, joining: joining.rawValue, created: clock.now)
        try await spool.setList(record)
        directory.set(record)
        logger.info("list set", ["list": name, "post": posting.rawValue, "join": joining.rawValue])
        return try list(named: name)
    }

    /// Dissolves a list that was made at run time.
    ///
    /// - Throws: ``DirectoryError``, ``SpoolError``.
    public nonisolated func removeList(_ name: String) async throws {
        try checkIsNotInFile(name)
        _ = try list(named: name)
        try await spool.removeList(name)
        directory.removeList(name)
        logger.info("list removed", ["list": name])
    }

    /// Changes what an address is to a list.
    ///
    /// The operator may do everything. Of others an owner may; who joins a list that is open, or leaves, does so for
    /// themselves.
    ///
    /// - Parameters:
    ///   - address: whose membership it is.
    ///   - name: the list.
    ///   - change: what changes.
    ///   - actor: the address of a user who asks for it; `nil` for the operator.
    /// - Returns: the list as it is then.
    /// - Throws: ``DirectoryError``, ``ExchangeError`` when nothing can be sent to a new member, ``SpoolError``.
    public nonisolated func changeMembership(
        of address: Address, in name: String, _ change: MembershipChange, by actor: Address?
    ) async throws -> MailingList {
        let list = try list(named: name)
        if let actor, let reason = list.refusal(of: change, for: address, by: actor) {
            throw DirectoryError.forbidden(reason)
        }
        if change == .join || change == .own { try checkRecipient(address) }
        let membership = list.membership(
            of: address, after: change, at: clock.now, by: actor?.description ?? "operator")
        try await spool.setMembership(membership)
        directory.set(membership)
        logger.info(
            "membership changed",
            ["list": name, "address": address, "change": change.rawValue, "by": membership.decider])
        return try self.list(named: name)
    }

    private nonisolated func checkIsNotInFile(_ name: String) throws(DirectoryError) {
        guard let list = routing.withLock({ $0.table.lists[name] }), let position = list.position else { return }
        throw .inFile(list: name, location: position.description)
    }
}
