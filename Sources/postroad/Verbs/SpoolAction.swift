import Messages

/// What the actions on dispatches have in common.
enum SpoolAction {
    static func declaration(
        _ name: String, _ summary: String, options: [VerbDeclaration.Option] = [],
        examples: [VerbDeclaration.Example] = []
    ) -> VerbDeclaration {
        VerbDeclaration(
            name: "spool \(name)", summary: summary, discussion: SpoolFilter.prose,
            arguments: [
                .init(name: "FILTER", prose: "which dispatches; `all` for all that it can be done to", isRepeated: true)
            ],
            options: options + [
                .dryRun, .json, .init(name: "reason", value: "TEXT", prose: "why, for the trace"),
                .init(name: "yes", prose: "do not ask first, as is done on a terminal"),
            ], examples: examples)
    }

    /// Does it, or says what would be done; `fields` is what the action is given beside the filter.
    static func run(
        _ action: String, _ arguments: ParsedArguments, _ console: Console, fields: JSONObject = [:]
    ) async throws -> ExitCode {
        let filter = arguments.positionals == ["all"] ? "" : SpoolFilter.text(arguments.positionals)
        // A shell writes "" for a variable that is not set; nobody means all by that.
        guard !arguments.positionals.allSatisfy({ $0.allSatisfy(\.isWhitespace) }) else {
            throw CommandError.usage(
                "postroad spool \(action): FILTER is empty; `all` means all", verb: "spool \(action)")
        }
        let isDryRun = arguments.has("dry-run")
        let asks = console.isInteractive && !isDryRun && !arguments.has("yes") && !arguments.has("json")
        return try await ControlClient.run(arguments) { router in
            var body = fields
            body["filter"] = .string(filter)
            body["by"] = .string(userName())
            body["reason"] = arguments["reason"].map(JSON.string)
            if asks, !(try await confirm(action, body, router, console)) { return .badInput }
            body["dry_run"] = .bool(isDryRun)
            let answer = try await router.post("/v1/spool/\(action)", .object(body))
            guard !arguments.has("json") else { return console.answer(answer) }
            let rows = answer["dispatches"]?.array ?? []
            if !asks { DispatchTable.print(rows, console) }
            console.note("\(action): \(count(rows))\(isDryRun ? " (dry run, nothing was done)" : "")")
            return rows.isEmpty ? .badInput : .good
        }
    }

    /// Shows what would be done, and asks whether it shall be.
    private static func confirm(
        _ action: String, _ fields: JSONObject, _ router: ControlClient, _ console: Console
    ) async throws -> Bool {
        var body = fields
        body["dry_run"] = true
        let rows = try await router.post("/v1/spool/\(action)", .object(body))["dispatches"]?.array ?? []
        DispatchTable.print(rows, console)
        guard !rows.isEmpty else { return false }
        return ["y", "yes"].contains(console.ask("\(action) \(count(rows))?", default: "no").lowercased())
    }

    private static func count(_ rows: [JSON]) -> String {
        rows.count == 1 ? "1 dispatch" : "\(rows.count) dispatches"
    }

    /// Who asks, for the audit.
    static func userName() -> String {
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
          last=unknown        how the last attempt ended: delivered, deferred, unknown, rejected
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
