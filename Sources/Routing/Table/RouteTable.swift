import Conditions
public import Messages

/// All routes, ready to be asked.
///
/// It never changes: a reload builds a new one and swaps the reference. So it needs no lock, and one message sees one table.
public struct RouteTable: Sendable {
    /// The routes in the order of the file.
    public let routes: [Route]
    /// Where a message goes that no route matches and that names no recipient.
    public let unrouted: Address

    private let trie: TopicTrie

    /// Builds a table.
    public init(routes: [Route], unrouted: Address) {
        var builder = TopicTrieBuilder()
        for (number, route) in routes.enumerated() {
            for pattern in route.patterns { builder.add(pattern, number: number) }
        }
        self.routes = routes
        self.unrouted = unrouted
        self.trie = builder.build()
    }

    /// The routes whose patterns the topic fits, by their index, in the order of the file; conditions do not count.
    public func candidates(for topic: Topic) -> [Int] { trie.matches(topic) }

    /// All routes that the message takes, in the order of the file, up to the first that stops.
    public func matches(_ envelope: Envelope) -> [RouteMatch] {
        var matches: [RouteMatch] = []
        for index in trie.matches(envelope.topic) {
            guard routes[index].condition.matches(envelope) else { continue }
            matches.append(RouteMatch(index: index, route: routes[index]))
            if routes[index].stops { break }
        }
        return matches
    }
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
