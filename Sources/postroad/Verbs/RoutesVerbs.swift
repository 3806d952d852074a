import Conditions
import Configuration
import Files
import Messages
import Routing
import Stages

/// The verb `postroad routes list`.
enum RoutesListVerb: Verb {
    static let declaration = VerbDeclaration(
        name: "routes list", summary: "Lists the routes in the order of the file, with what took them in the last day.",
        discussion: RouteCounts.prose, options: [.json, RouteCounts.option])

    static func run(_ arguments: ParsedArguments, _ console: Console) async throws -> ExitCode {
        let table = try ConfigurationFile.load(arguments).configuration.table
        let counts = try await RouteCounts.read(arguments, console)
        if arguments.has("json") {
            return console.answer(["routes": .array(table.routes.map { $0.json(counts?.load(of: $0)) })])
        }
        var rows =
            counts == nil
            ? Table("#", "NAME", "MATCH", "TO") : Table("#", "MESSAGES", "FAILED", "NAME", "MATCH", "TO")
        for (number, route) in table.routes.enumerated() {
            let texts = [route.name.cut(toColumns: 28), route.matchText.cut(toColumns: 28), route.targetText]
            let load = counts?.load(of: route)
            rows.append(["\(number + 1)"] + (load.map { ["\($0.messages)", "\($0.failed)"] } ?? []) + texts)
        }
        console.print(rows)
        counts?.tellIfPartial(console)
        return .good
    }
}

/// The verb `postroad routes show`.
enum RoutesShowVerb: Verb {
    static let declaration = VerbDeclaration(
        name: "routes show", summary: "Shows one route: what it matches, its stages, where it leads, and what took it.",
        discussion: RouteCounts.prose,
        arguments: [.init(name: "ROUTE", prose: "its name, or its number in `postroad routes list`")],
        options: [.json, RouteCounts.option])

    static func run(_ arguments: ParsedArguments, _ console: Console) async throws -> ExitCode {
        let table = try ConfigurationFile.load(arguments).configuration.table
        let route = try find(arguments.positionals[0], in: table)
        let counts = try await RouteCounts.read(arguments, console)
        if arguments.has("json") { return console.answer(route.json(counts?.load(of: route))) }
        console.print(console.styled(Table.printable(route.name), .bold))
        console.print("place", route.location, indent: 2)
        console.print("match", route.matchText, indent: 2)
        if route.condition != .always { console.print("where", "conditions, as the file says", indent: 2) }
        for step in route.chain.steps { console.print("stage", "\(step.name) (\(step.position))", indent: 2) }
        for target in route.targets { console.print("to", target.description, indent: 2) }
        if route.stops { console.print("stop", "the routes below are not looked at", indent: 2) }
        for count in counts?.rows(of: route) ?? [] {
            let failed = count.load.failed > 0 ? ", \(count.load.failed) failed" : ""
            let way = "\(count.source) → \(count.recipient)"
            console.print("last day", "\(way): \(count.load.messages)\(failed)", indent: 2)
        }
        counts?.tellIfPartial(console)
        return .good
    }

    private static func find(_ word: String, in table: RouteTable) throws -> Route {
        if let route = table.routes.first(where: { $0.name == word }) { return route }
        if let number = Int(word), table.routes.indices.contains(number - 1) { return table.routes[number - 1] }
        let near = nearest(to: word, among: table.routes.map(\.name)).map { "; did you mean \"\($0)\"?" } ?? ""
        throw CommandError.input("no route is named \"\(word)\", and none has that number\(near)")
    }
}

/// The verb `postroad routes graph`.
enum RoutesGraphVerb: Verb {
    private enum Format: String, CaseIterable {
        case dot, mermaid, svg
    }

    static let declaration = VerbDeclaration(
        name: "routes graph",
        summary: "Draws mailboxes, routes, stages and recipients, and what went where in the last day.",
        discussion: RouteCounts.prose + """

            Ways that nothing took are dashed; those on which messages failed are red. SVG is drawn by Graphviz, which has to
            be installed (Debian's graphviz).
            """,
        options: [
            .init(name: "format", value: "FORMAT", prose: "dot (unless given), mermaid or svg"),
            .init(name: "output", value: "FILE", prose: "write to FILE instead of standard output"), RouteCounts.option,
        ],
        examples: [
            .init(line: "postroad routes graph --format svg --output routes.svg", prose: "a picture for a browser"),
            .init(line: "postroad routes graph --format mermaid --no-counts", prose: "for a page in Markdown"),
        ])

    static func run(_ arguments: ParsedArguments, _ console: Console) async throws -> ExitCode {
        let word = arguments["format"] ?? "dot"
        guard let format = Format(rawValue: word) else {
            throw CommandError.usage(
                "postroad routes graph: --format takes \(Format.allCases.map(\.rawValue).joined(separator: ", ")), "
                    + "found \"\(word)\"", verb: "routes graph")
        }
        let table = try ConfigurationFile.load(arguments).configuration.table
        let counts = try await RouteCounts.read(arguments, console)
        let graph = RouteGraph(table, counts: counts?.rows)
        let text =
            switch format {
            case .dot: graph.dot
            case .mermaid: graph.mermaid
            case .svg: try Graphviz.svg(of: graph.dot)
            }
        if let path = arguments["output"] {
            try FileSystem.posix.write(text.utf8, to: FilePath(path), readableByAll: true)
        } else {
            console.print(text.hasSuffix("\n") ? String(text.dropLast()) : text)
        }
        counts?.tellIfPartial(console)
        return .good
    }
}

extension Route {
    /// Its patterns as a line.
    fileprivate var matchText: String {
        let match = patterns.map(\.description).joined(separator: ", ")
        return exclusions.isEmpty ? match : "\(match) except \(exclusions.map(\.description).joined(separator: ", "))"
    }

    /// Where it leads, as a line.
    fileprivate var targetText: String {
        targets.isEmpty ? "nowhere" : targets.map(\.description).joined(separator: ", ")
    }

    fileprivate func json(_ load: RouteLoad?) -> JSON {
        var object: JSONObject = [
            "name": .string(name), "location": .string(location),
            "match": .array(patterns.map { .string($0.description) }),
            "except": .array(exclusions.map { .string($0.description) }),
        ]
        object["conditional"] = .bool(condition != .always)
        object["stages"] = .array(chain.steps.map { .string($0.name) })
        object["to"] = .array(targets.map { .string($0.description) })
        object["stop"] = .bool(stops)
        object["messages"] = load.map { .integer(Int64($0.messages)) }
        object["failed"] = load.map { .integer(Int64($0.failed)) }
        return .object(object)
    }
}
