import Messages
import Stages

extension RouteGraph {
    /// The picture of a table.
    ///
    /// - Parameters:
    ///   - table: the table.
    ///   - counts: what went which way lately; `nil` when nobody knows.
    public init(_ table: RouteTable, counts: [RouteCount]?) {
        var builder = RouteGraphBuilder(counts: counts)
        for (number, route) in table.routes.enumerated() { builder.add(route, number: number) }
        builder.addRules()
        self = builder.graph
    }
}

/// Collects the things of a picture, each once, and the ways between them.
private struct RouteGraphBuilder {
    var graph = RouteGraph(nodes: [], edges: [])
    private let counts: [RouteCount]?
    private var rest: [RouteCount]
    private var ids: [String: String] = [:]

    /// The most recipients of a route that only its messages have named.
    private static let maximumFound = 20

    init(counts: [RouteCount]?) {
        self.counts = counts
        rest = counts ?? []
    }

    mutating func add(_ route: Route, number: Int) {
        let own = rest.filter { $0.route.isSame(as: route) }
        rest.removeAll { $0.route.isSame(as: route) }
        let id = "r\(number)"
        graph.nodes.append(RouteGraph.Node(id: id, kind: .route, lines: [route.name, route.location].unique))
        for source in route.patterns.map(\.source).unique {
            let load = own.filter { source == nil || $0.source == source }.map(\.load)
            connect(mailbox(source), id, load)
        }
        var end = id
        if !route.chain.steps.isEmpty {
            end = "s\(number)"
            graph.nodes.append(RouteGraph.Node(id: end, kind: .stages, lines: route.chain.steps.map(\.name)))
            connect(id, end, own.map(\.load))
        }
        addRecipients(of: route, after: end, own)
    }

    /// Those that the file names, and those that only messages do.
    private mutating func addRecipients(of route: Route, after end: String, _ own: [RouteCount]) {
        var named: Set<String> = []
        for target in route.targets {
            let addresses = target.addresses.isEmpty ? [target.description] : target.addresses.map(\.description)
            for address in addresses where named.insert(address).inserted {
                connect(end, recipient(address), own.filter { $0.recipient == address }.map(\.load))
            }
        }
        let found = own.filter { !named.contains($0.recipient) }
        for address in found.map(\.recipient).unique.prefix(Self.maximumFound) {
            connect(end, recipient(address), found.filter { $0.recipient == address }.map(\.load))
        }
    }

    /// What came to recipients without a route that the file still has.
    mutating func addRules() {
        for name in rest.map(\.route.name).unique {
            let own = rest.filter { $0.route.name == name }
            let id = node("rule \(name)", .rule, [name])
            for source in own.map(\.source).unique {
                connect(mailbox(source), id, own.filter { $0.source == source }.map(\.load))
            }
            for address in own.map(\.recipient).unique.prefix(Self.maximumFound) {
                connect(id, recipient(address), own.filter { $0.recipient == address }.map(\.load))
            }
        }
    }

    private mutating func mailbox(_ name: String?) -> String {
        node("mailbox \(name ?? "*")", .mailbox, [name ?? "every mailbox"])
    }

    private mutating func recipient(_ text: String) -> String { node("recipient \(text)", .recipient, [text]) }

    private mutating func node(_ key: String, _ kind: RouteGraph.Node.Kind, _ lines: [String]) -> String {
        if let id = ids[key] { return id }
        let id = "n\(ids.count)"
        ids[key] = id
        graph.nodes.append(RouteGraph.Node(id: id, kind: kind, lines: lines))
        return id
    }

    private mutating func connect(_ from: String, _ to: String, _ loads: [RouteLoad]) {
        let load = counts.map { _ in loads.reduce(into: RouteLoad()) { $0 += $1 } }
        graph.edges.append(RouteGraph.Edge(from: from, to: to, load: load))
    }
}

extension RouteOrigin {
    /// Whether dispatches of this origin took the route; one that has moved within its file is known by its name.
    fileprivate func isSame(as route: Route) -> Bool { name == route.name }
}

extension Sequence where Element: Hashable {
    /// The elements, each once, in the order of their first places.
    fileprivate var unique: [Element] {
        var seen: Set<Element> = []
        return filter { seen.insert($0).inserted }
    }
}
