import Messages

/// What the four actions on dispatches have in common.
enum SpoolAction {
    static func declaration(_ name: String, _ summary: String) -> VerbDeclaration {
        VerbDeclaration(
            name: "spool \(name)", summary: summary, discussion: SpoolFilter.prose,
            arguments: [
                .init(name: "FILTER", prose: "which dispatches; `all` for all that it can be done to", isRepeated: true)
            ],
            options: [.dryRun, .json, .init(name: "reason", value: "TEXT", prose: "why, for the trace")])
    }

    static func run(_ action: String, _ arguments: ParsedArguments, _ console: Console) async throws -> ExitCode {
        let filter = arguments.positionals == ["all"] ? "" : SpoolFilter.text(arguments.positionals)
        // A shell writes "" for a variable that is not set; nobody means all by that.
        guard !arguments.positionals.allSatisfy({ $0.allSatisfy(\.isWhitespace) }) else {
            throw CommandError.usage(
                "postroad spool \(action): FILTER is empty; `all` means all", verb: "spool \(action)")
        }
        let isDryRun = arguments.has("dry-run")
        return try await ControlClient.run(arguments) { router in
            var body: JSONObject = ["filter": .string(filter), "dry_run": .bool(isDryRun), "by": .string(userName())]
            body["reason"] = arguments["reason"].map(JSON.string)
            let answer = try await router.post("/v1/spool/\(action)", .object(body))
            guard !arguments.has("json") else { return console.answer(answer) }
            let rows = answer["dispatches"]?.array ?? []
            DispatchTable.print(rows, console)
            let dispatches = rows.count == 1 ? "1 dispatch" : "\(rows.count) dispatches"
            console.note("\(action): \(dispatches)\(isDryRun ? " (dry run, nothing was done)" : "")")
            return rows.isEmpty ? .badInput : .good
        }
    }

    private static func userName() -> String {
        let environment = processEnvironment()
        return environment["USER"] ?? environment["LOGNAME"] ?? "operator"
    }
}

/// The filter language of the spool's verbs.
enum SpoolFilter {
    /// The language, told once for all verbs.
    static let prose = """
        A filter is words parted by spaces; all must hold:
          state=dead,held     waiting, trying, held, delivered, dead, dropped
          number=12           one dispatch
          message=ID          all dispatches of one message
          to=hook:*  from=…   globs for the recipient and the sender
          topic=news:**       a topic pattern
          route=NAME          a route's name, or envelope, reply, unrouted, bounce, tap
          error~TEXT          a part of the reason
          subject~TEXT        a part of the subject
          attempts>=3         at least so many attempts; attempts<=3: at most
          age>1h              accepted longer ago; age<1h: more recently
          accepted<TIME       accepted before a time as in 2026-11-20T10:00:00Z; accepted>=TIME: since then
        """

    /// Puts the shell's words together again; a value with spaces, which was quoted there, is quoted here.
    static func text(_ words: [String]) -> String {
        guard words.count > 1 else { return words.first ?? "" }
        return words.map { word in
            guard word.contains(" "), !word.contains("\""), let mark = word.firstIndex(where: { "=<>~".contains($0) })
            else { return word }
            let value = word[word.index(after: mark)...].drop { $0 == "=" }
            return "\(word[..<value.startIndex])\"\(value)\""
        }.joined(separator: " ")
    }
}
