import Clocks
import Configuration
import Messages

/// The verb `postroad replay`.
enum ReplayVerb: Verb {
    static let declaration = VerbDeclaration(
        name: "replay", summary: "Sends kept messages through today's routes once more.",
        discussion: """
            Without --send it only says where each message would go. A replayed message is a new one, with an id of its own,
            that came of the old one: `postroad trace` of either names the other. It goes to every recipient that the table
            gives it now, also to those that have had the old one. Bounces are not replayed. The router keeps messages for
            `router.retention`.

            TIME is a date with a time, as in 2026-11-20T10:00:00Z, or how long ago: 90m, 2h, 3d.
            """,
        arguments: [.init(name: "ID", prose: "a message's id, instead of --from, --to and --topic", isRequired: false)],
        options: [
            .init(name: "from", value: "TIME", prose: "messages accepted then or later"),
            .init(name: "to", value: "TIME", prose: "messages accepted before then"),
            .init(name: "topic", value: "PATTERN", prose: "messages of these topics, as in news:**", isRepeated: true),
            .init(name: "send", prose: "send them; without it nothing is sent"),
            .init(name: "after", value: "N", prose: "go on after this one, where an earlier run had to stop"),
            .init(name: "limit", value: "N", prose: "at most N messages; 1,000 unless given"), .json,
        ],
        examples: [
            .init(
                line: "postroad replay --from 2h --topic 'repo:**'",
                prose: "where the last two hours' messages of a mailbox would go now"),
            .init(line: "postroad replay 019a9c5f-3f3e-7b1a-8000-5d2f6c1e9b07 --send", prose: "one message again"),
        ])

    static func run(_ arguments: ParsedArguments, _ console: Console) async throws -> ExitCode {
        let request = try ReplayRequest(arguments, now: SystemClock().now)
        let limit = try arguments.integer("limit", in: 1...1_000_000, default: 1_000)
        return try await ControlClient.run(arguments) { router in
            var replay = Replay(request: request, console: console)
            try await replay.run(limit: limit, router, printsRows: !arguments.has("json"))
            if arguments.has("json") { _ = console.answer(replay.json) } else { replay.printSummary() }
            return replay.isWhole ? .good : .badInput
        }
    }
}

/// What is to be replayed, as the router is asked for it.
private struct ReplayRequest {
    var fields: JSONObject
    let isDryRun: Bool

    init(_ arguments: ParsedArguments, now: Timestamp) throws {
        isDryRun = !arguments.has("send")
        fields = ["dry_run": .bool(isDryRun), "by": .string(SpoolAction.userName())]
        if let id = arguments.positionals.first { fields["message"] = .string(try MessageID(parsing: id).description) }
        for (option, field) in [("from", "since"), ("to", "until")] {
            fields[field] = try arguments[option].map { .string(try Self.time($0, option, now).description) }
        }
        let topics = try arguments.all("topic").map { try TopicPattern(parsing: $0) }
        if !topics.isEmpty { fields["topics"] = .array(topics.map { .string($0.description) }) }
        if let after = arguments["after"] {
            guard let number = Int64(after) else {
                throw CommandError.usage("postroad replay: --after takes a number, found \"\(after)\"", verb: "replay")
            }
            fields["after"] = .integer(number)
        }
        let names = ["since", "until", "topics"].filter { fields[$0] != nil }
        guard (fields["message"] == nil) != names.isEmpty else {
            throw CommandError.usage(
                "postroad replay: expected either an ID, or at least one of --from, --to and --topic", verb: "replay")
        }
    }

    private static func time(_ text: String, _ option: String, _ now: Timestamp) throws -> Timestamp {
        if let time = try? Timestamp(parsing: text) { return time }
        if let ago = Duration(parsing: text) { return now - ago }
        throw CommandError.usage(
            "postroad replay: --\(option) takes a time as in 2026-11-20T10:00:00Z, or how long ago as in 2h; "
                + "found \"\(text)\"", verb: "replay")
    }
}

/// A replay under way, page by page.
private struct Replay {
    private var request: ReplayRequest
    private let console: Console
    private var rows: [JSON] = []
    private var stopped: String?
    private var next: Int64?

    init(request: ReplayRequest, console: Console) {
        self.request = request
        self.console = console
    }

    /// Whether all was done, and nothing was refused.
    var isWhole: Bool { stopped == nil && !rows.isEmpty && rows.allSatisfy { $0.text("outcome") != "refused" } }

    mutating func run(limit: Int, _ router: ControlClient, printsRows: Bool) async throws {
        repeat {
            request.fields["limit"] = .integer(Int64(limit - rows.count))
            let page = try await router.post("/v1/replay", .object(request.fields))
            let found = page["messages"]?.array ?? []
            rows += found
            if printsRows { for row in found { print(row) } }
            stopped = page["stopped"]?.string
            next = page["next"]?.integer
            request.fields["after"] = next.map(JSON.integer)
        } while next != nil && stopped == nil && rows.count < limit
    }

    private func print(_ row: JSON) {
        let subject = row.text("subject")
        let what = Table.printable(subject.isEmpty ? row.text("topic") : subject).cut(toColumns: 40)
        let replay = row["replay"]?.string.map { " as \($0)" } ?? ""
        console.print("\(row.text("message"))\(replay)  \(what)")
        if row.text("outcome") == "refused" {
            return console.print("  refused: \(Table.printable(row.text("reason")))")
        }
        let recipients = row["recipients"]?.array ?? []
        if recipients.isEmpty { console.print("  → nowhere") }
        for recipient in recipients {
            let state = recipient.text("state")
            let remark = ["", "waiting"].contains(state) ? "" : " (\(state): \(recipient.text("reason")))"
            console.print(Table.printable("  → \(recipient.text("to")), by \(recipient.text("route"))\(remark)"))
        }
    }

    func printSummary() {
        let refused = rows.count { $0.text("outcome") == "refused" }
        let count = rows.count - refused == 1 ? "1 message" : "\(rows.count - refused) messages"
        let verb = request.isDryRun ? "would be replayed; --send does it" : "replayed"
        console.note(rows.isEmpty ? "no message fits" : "\(count) \(verb)")
        if refused > 0 { console.note("\(refused) refused") }
        if let stopped { console.note("stopped: \(stopped)") }
        if let next { console.note("there may be more: --after \(next) goes on") }
    }

    var json: JSON {
        var object: JSONObject = ["dry_run": .bool(request.isDryRun), "messages": .array(rows)]
        object["stopped"] = stopped.map(JSON.string)
        object["next"] = next.map(JSON.integer)
        return .object(object)
    }
}
