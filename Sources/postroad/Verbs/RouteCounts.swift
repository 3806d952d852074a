import Messages
import Routing

/// What took which route in the last day, as the running router tells it.
struct RouteCounts {
    /// The counts.
    let rows: [RouteCount]
    private let isComplete: Bool

    static let option = VerbDeclaration.Option(name: "no-counts", prose: "read the file alone, and ask no router")
    static let prose = """
        Routes are read from the file; counts come from the running router, if there is one.
        """

    /// Asks the router; `nil` when nobody wants to know, or nobody is there to ask.
    static func read(_ arguments: ParsedArguments, _ console: Console) async throws -> RouteCounts? {
        guard !arguments.has("no-counts") else { return nil }
        do {
            return try await ControlClient.run(arguments) { RouteCounts(try await $0.get("/v1/traffic")) }
        } catch CommandError.notRunning {
            console.note("the router is not running: without counts")
            return nil
        }
    }

    private init(_ answer: JSON) {
        isComplete = answer["complete"]?.bool ?? false
        rows = (answer["traffic"]?.array ?? []).map { row in
            let counts = ["waiting", "trying", "held", "delivered", "dead", "dropped"].map { row[$0]?.integer ?? 0 }
            return RouteCount(
                source: row.text("source"),
                route: RouteOrigin(name: row.text("route"), location: row["route_location"]?.string),
                recipient: row.text("to"),
                load: RouteLoad(
                    messages: Int(clamping: counts.reduce(0, +)), failed: Int(clamping: row["dead"]?.integer ?? 0)))
        }
    }

    /// What took a route.
    func rows(of route: Route) -> [RouteCount] { rows.filter { $0.route.name == route.name } }

    /// How many messages took a route.
    func load(of route: Route) -> RouteLoad { rows(of: route).reduce(into: RouteLoad()) { $0 += $1.load } }

    /// Says so when there was too much to count.
    func tellIfPartial(_ console: Console) {
        guard !isComplete else { return }
        console.note("there was more than is counted: these are the latest messages, or the busiest ways")
    }
}
