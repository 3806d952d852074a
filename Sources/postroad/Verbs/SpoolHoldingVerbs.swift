import Clocks
import Configuration
import Messages

/// The verb `postroad spool hold`.
enum SpoolHoldVerb: Verb {
    static let declaration = SpoolAction.declaration(
        "hold", "Keeps waiting dispatches from being tried.",
        options: [
            .init(name: "until", value: "TIME", prose: "until then, or for so long: 2h; unless given, until a release")
        ],
        examples: [
            .init(line: "postroad spool hold 'to=hook:*' --until 2h", prose: "gives webhooks two hours of peace")
        ])

    static func run(_ arguments: ParsedArguments, _ console: Console) async throws -> ExitCode {
        var fields = JSONObject()
        if let text = arguments["until"] { fields["until"] = .string(try time(text).description) }
        return try await SpoolAction.run("hold", arguments, console, fields: fields)
    }

    private static func time(_ text: String) throws -> Timestamp {
        if let duration = Duration(parsing: text) { return SystemClock().now + duration }
        do throws(MessageError) {
            return try Timestamp(parsing: text)
        } catch {
            throw CommandError.usage(
                "postroad spool hold: expected a time such as 2026-11-20T10:00:00Z or 2h for --until, got \"\(text)\"",
                verb: "spool hold")
        }
    }
}

/// The verb `postroad spool release`.
enum SpoolReleaseVerb: Verb {
    static let declaration = SpoolAction.declaration(
        "release", "Lets held dispatches go on, with the stages after the one that held them.",
        options: [.init(name: "as-it-is", prose: "send them as they are, past the stages that are left")])

    static func run(_ arguments: ParsedArguments, _ console: Console) async throws -> ExitCode {
        let fields: JSONObject = arguments.has("as-it-is") ? ["as_it_is": true] : [:]
        return try await SpoolAction.run("release", arguments, console, fields: fields)
    }
}

/// The verb `postroad spool reroute`.
enum SpoolRerouteVerb: Verb {
    static let declaration = SpoolAction.declaration(
        "reroute", "Sends waiting, held and dead dispatches to another address.",
        options: [.init(name: "to", value: "ADDRESS", prose: "where to")],
        examples: [
            .init(
                line: "postroad spool reroute state=dead to=hook:crm --to hook:crm2",
                prose: "gives another endpoint what one has refused")
        ])

    static func run(_ arguments: ParsedArguments, _ console: Console) async throws -> ExitCode {
        guard let to = arguments["to"] else {
            throw CommandError.usage(
                "postroad spool reroute: --to is missing; it takes an address such as hook:crm", verb: "spool reroute")
        }
        return try await SpoolAction.run("reroute", arguments, console, fields: ["to": .string(to)])
    }
}

/// The verb `postroad spool audit`.
enum SpoolAuditVerb: Verb {
    static let declaration = VerbDeclaration(
        name: "spool audit", summary: "Lists what people did to dispatches by hand, the newest first.",
        options: [.json, .limit])

    static func run(_ arguments: ParsedArguments, _ console: Console) async throws -> ExitCode {
        let limit = try arguments.integer("limit", in: 1...10_000, default: 100)
        return try await ControlClient.run(arguments) { router in
            let answer = try await router.get("/v1/spool/audit", query: [("limit", "\(limit)")])
            guard !arguments.has("json") else { return console.answer(answer) }
            let rows = answer["audit"]?.array ?? []
            guard !rows.isEmpty else {
                console.note("nobody has done anything")
                return .good
            }
            var table = Table("TIME", "BY", "CHANGED", "ACTION", "WHAT")
            for row in rows {
                table.append(
                    DispatchTable.shortTime(row.text("time")), row.text("by"), row.text("changed"), row.text("action"),
                    what(row))
            }
            console.print(table)
            return .good
        }
    }

    /// To which dispatches, where to or until when, and why.
    private static func what(_ row: JSON) -> String {
        let filter = row.text("filter")
        let target = row["target"]?.string.map { " → \($0)" } ?? ""
        let reason = row["reason"]?.string.map { " — \($0)" } ?? ""
        return (filter.isEmpty ? "all" : filter) + target + reason
    }
}
