/// Endpoints by the segments of their patterns; a frozen tree that is walked without making anything.
struct HTTPRouteTree: Sendable {
    private struct Node {
        var literals: [String: Int] = [:]
        var parameter: Int?
        /// The endpoints whose pattern ends here.
        var ends: [HTTPRoute] = []
        /// The endpoints that take the rest of the path from here.
        var rests: [HTTPRoute] = []
    }

    private var nodes = [Node()]

    init(_ routes: [HTTPRoute]) {
        for route in routes { add(route) }
    }

    private mutating func add(_ route: HTTPRoute) {
        var index = 0
        for segment in route.pattern.segments {
            switch segment {
            case .literal(let text):
                index = child(nodes[index].literals[text]) { nodes, new in nodes[index].literals[text] = new }
            case .parameter: index = child(nodes[index].parameter) { nodes, new in nodes[index].parameter = new }
            case .rest:
                nodes[index].rests.append(route)
                return
            }
        }
        nodes[index].ends.append(route)
    }

    private mutating func child(_ known: Int?, _ link: (inout [Node], Int) -> Void) -> Int {
        if let known { return known }
        nodes.append(Node())
        link(&nodes, nodes.count - 1)
        return nodes.count - 1
    }

    /// Shows the endpoints that cover a path, the most specific one first, until the closure says true.
    ///
    /// At the first difference a literal goes before a parameter before a rest; equal patterns go in the order they were
    /// given in.
    @discardableResult
    func search(_ path: [String], _ isFound: (HTTPRoute) -> Bool) -> Bool {
        search(path, 0, from: 0, isFound)
    }

    private func search(_ path: [String], _ depth: Int, from index: Int, _ isFound: (HTTPRoute) -> Bool) -> Bool {
        guard depth < path.count else { return nodes[index].ends.contains(where: isFound) }
        if let child = nodes[index].literals[path[depth]], search(path, depth + 1, from: child, isFound) { return true }
        if let child = nodes[index].parameter, !path[depth].isEmpty, search(path, depth + 1, from: child, isFound) {
            return true
        }
        return nodes[index].rests.contains(where: isFound)
    }
}
