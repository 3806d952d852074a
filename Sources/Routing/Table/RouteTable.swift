import Conditions
public import Messages

/// All routes, ready to be asked.
///
/// The routes never change: a reload builds a new table and swaps the reference. So they need no lock, and one message sees
/// one table. What users arrange at run time is in the directory, which all tables of a router share.
public struct RouteTable: Sendable {
    /// The routes in the order of the file.
    public let routes: [Route]
    /// Where a message goes that no route matches and that names no recipient.
    public let unrouted: Address
    /// The lists of the file, by name.
    public let lists: [String: MailingList]
    /// The mailboxes that can send, for addresses that only a message tells; `nil` when every address will do.
    public let senders: Set<String>?
    /// Subscriptions, and lists made at run time.
    public var directory: Directory

    private let trie: TopicTrie
    /// The routes of the patterns in the tree.
    private let numbers: [Int32]

    /// Builds a table.
    public init(
        routes: [Route], unrouted: Address, lists: [String: MailingList] = [:], senders: Set<String>? = nil,
        directory: Directory = Directory()
    ) {
        var (trie, numbers) = (TopicTrie(), [Int32]())
        for (number, route) in routes.enumerated() {
            for pattern in route.patterns {
                _ = trie.insert(pattern)
                numbers.append(Int32(clamping: number))
            }
        }
        self.routes = routes
        self.unrouted = unrouted
        self.lists = lists
        self.senders = senders
        self.directory = directory
        self.trie = trie
        self.numbers = numbers
    }

    /// The routes whose patterns the topic fits, by their index, in the order of the file; exclusions and conditions do
    /// not count.
    public func candidates(for topic: Topic) -> [Int] {
        var scratch = TopicTrie.Scratch()
        var found: [Int32] = []
        trie.match(topic, &scratch, into: &found)
        guard found.count > 1 else { return found.map { Int(numbers[Int($0)]) } }
        // A route with several patterns counts once.
        var last: Int32 = -1
        return found.map { numbers[Int($0)] }.sorted().compactMap { number in
            defer { last = number }
            return number == last ? nil : Int(number)
        }
    }

    /// All routes that the message takes, in the order of the file, up to the first that stops.
    public func matches(_ envelope: Envelope) -> [RouteMatch] {
        var matches: [RouteMatch] = []
        for index in candidates(for: envelope.topic) {
            let route = routes[index]
            guard !route.excludes(envelope.topic), route.condition.matches(envelope) else { continue }
            matches.append(RouteMatch(index: index, route: route))
            if route.stops { break }
        }
        return matches
    }

    /// Whom subscriptions lead to, the oldest first; nobody gets what they wrote themselves.
    func subscribers(for envelope: Envelope) -> [Directory.Match] {
        directory.subscriptions(for: envelope.topic).filter { $0.address != envelope.from }
    }

    /// A list as it is now; `nil` when there is none of that name.
    public func list(named name: String) -> MailingList? { directory.list(named: name, inFile: lists[name]) }
}

/// A route that a message takes.
public struct RouteMatch: Sendable {
    /// Its index in the table.
    public var index: Int
    /// The route.
    public var route: Route

    /// The first of its patterns that the topic fits.
    public func pattern(for topic: Topic) -> TopicPattern? { route.patterns.first { $0.matches(topic) } }
}
