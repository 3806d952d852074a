public import Messages
import Synchronization

/// What users have arranged at run time, in memory: subscriptions, lists and their members.
///
/// The spool keeps it and this is told of every change; a reload of routes.yaml does not touch it. A change takes as long
/// as its pattern is long, however many there are, so those who ask meanwhile hardly wait.
public final class Directory: Sendable {
    /// A subscription whose pattern a topic fits.
    public struct Match: Sendable, Hashable {
        /// Its number.
        public var id: Int64
        /// Where it leads.
        public var address: Address
    }

    private struct State {
        var trie = TopicTrie()
        var scratch = TopicTrie.Scratch()
        /// By the number that the tree gives.
        var subscriptions = PagedArray<Match>()
        /// The tree's numbers by subscriptions.
        var places = ShardedMap<Int64>()
        var lists: [String: ListRecord] = [:]
        var members: [String: [Address: ListMembership]] = [:]
    }

    private let state = Mutex(State())

    /// Creates an empty directory.
    public init() {}

    // MARK: Subscriptions

    /// How many subscriptions there are.
    public var subscriptionCount: Int { state.withLock { $0.trie.count } }

    /// Adds subscriptions; one that is there already changes nothing.
    public func add(_ subscriptions: some Sequence<Subscription>) {
        for subscription in subscriptions { add(subscription) }
    }

    /// Adds a subscription; one that is there already changes nothing.
    public func add(_ subscription: Subscription) {
        state.withLock { state in
            guard state.places[subscription.id, hash: Int(truncatingIfNeeded: subscription.id)] == nil else { return }
            let place = state.trie.insert(subscription.pattern)
            let match = Match(id: subscription.id, address: subscription.address)
            if Int(place) < state.subscriptions.count {
                state.subscriptions[Int(place)] = match
            } else {
                state.subscriptions.append(match)
            }
            state.places[subscription.id, hash: Int(truncatingIfNeeded: subscription.id)] = place
        }
    }

    /// Removes a subscription by its number.
    public func remove(_ id: Int64) {
        state.withLock { state in
            let hash = Int(truncatingIfNeeded: id)
            guard let place = state.places[id, hash: hash] else { return }
            state.trie.remove(place)
            state.places[id, hash: hash] = nil
        }
    }

    /// The subscriptions whose patterns a topic fits, the oldest first.
    public func subscriptions(for topic: Topic) -> [Match] {
        var matches = state.withLock { state in
            var found: [Int32] = []
            state.trie.match(topic, &state.scratch, into: &found)
            return found.map { state.subscriptions[Int($0)] }
        }
        if matches.count > 1 { matches.sort { $0.id < $1.id } }
        return matches
    }

    /// The pattern of a subscription, as it is written; `nil` when there is none of that number any more.
    public func pattern(of id: Int64) -> String? {
        state.withLock { state in
            state.places[id, hash: Int(truncatingIfNeeded: id)].map { state.trie.pattern($0) }
        }
    }

    // MARK: Lists

    /// Adds a list that was made at run time, or changes its rules.
    public func set(_ list: ListRecord) {
        state.withLock { $0.lists[list.name] = list }
    }

    /// Removes a list that was made at run time, and what was decided about its members.
    public func removeList(_ name: String) {
        state.withLock { state in
            state.lists[name] = nil
            state.members[name] = nil
        }
    }

    /// Notes a decision about an address and a list.
    public func set(_ membership: ListMembership) {
        state.withLock { $0.members[membership.list, default: [:]][membership.address] = membership }
    }

    /// Takes a decision back.
    public func removeMembership(of address: Address, in list: String) {
        state.withLock { $0.members[list]?[address] = nil }
    }

    /// The names of the lists that were made at run time.
    public var listNames: [String] { state.withLock { $0.lists.keys.sorted() } }

    /// A list as it is now: that of the file, or else one made at run time, with what was decided about its members.
    func list(named name: String, inFile declared: MailingList?) -> MailingList? {
        let (record, members) = state.withLock { ($0.lists[name], $0.members[name]) }
        guard var list = declared ?? record.map(MailingList.init) else { return nil }
        guard let members else { return list }
        for membership in members.values.sorted(by: { ($0.since, $0.address) < ($1.since, $1.address) }) {
            list.apply(membership)
        }
        return list
    }
}

extension MailingList {
    fileprivate init(_ record: ListRecord) {
        self.init(
            name: record.name, posting: Posting(rawValue: record.posting) ?? .owners,
            joining: Joining(rawValue: record.joining) ?? .owners)
    }

    fileprivate mutating func apply(_ membership: ListMembership) {
        let address = membership.address
        switch membership.role {
        case .left:
            members.removeAll { $0 == address }
            owners.removeAll { $0 == address }
        case .member, .owner:
            if !members.contains(address) { members.append(address) }
            owners.removeAll { $0 == address }
            if membership.role == .owner { owners.append(address) }
        }
        if membership.isMuted { muted.insert(address) } else { muted.remove(address) }
    }
}
