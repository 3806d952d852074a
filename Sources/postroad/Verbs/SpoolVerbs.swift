import Messages

/// The verb `postroad spool list`.
enum SpoolListVerb: Verb {
    static let declaration = VerbDeclaration(
        name: "spool list", summary: "Lists dispatches, the newest first.", discussion: SpoolFilter.prose,
        arguments: [
            .init(
                name: "FILTER", prose: "which; those not delivered unless given", isRequired: false, isRepeated: true)
        ],
        options: [.json, .limit, .init(name: "damaged", prose: "list the rows that could not be read instead")],
        examples: [
            .init(line: "postroad spool list state=dead 'to=hook:*'", prose: "what could not be delivered to webhooks"),
            .init(line: "postroad spool list 'age>1h' state=waiting", prose: "what has waited for more than an hour"),
        ])

    static func run(_ arguments: ParsedArguments, _ console: Console) async throws -> ExitCode {
        let limit = try arguments.integer("limit", in: 1...10_000, default: 100)
        let words = arguments.positionals.isEmpty ? ["state=waiting,trying,held,dead"] : arguments.positionals
        return try await ControlClient.run(arguments) { router in
            if arguments.has("damaged") { return try await listDamaged(router, arguments, console) }
            let answer = try await router.get(
                "/v1/spool", query: [("filter", SpoolFilter.text(words)), ("limit", "\(limit)")])
            guard !arguments.has("json") else { return console.answer(answer) }
            let rows = answer["dispatches"]?.array ?? []
            DispatchTable.print(rows, console)
            if rows.count == limit { console.note("the first \(limit); --limit shows more") }
            return .good
        }
    }

    private static func listDamaged(
        _ router: ControlClient, _ arguments: ParsedArguments, _ console: Console
    ) async throws -> ExitCode {
        let answer = try await router.get("/v1/spool/damaged")
        guard !arguments.has("json") else { return console.answer(answer) }
        var table = Table("FOUND", "PLACE", "REASON")
        for row in answer["damaged"]?.array ?? [] {
            table.append(row.text("found"), row.text("place"), row.text("reason"))
        }
        console.print(table)
        return .good
    }
}

/// The verb `postroad spool show`.
enum SpoolShowVerb: Verb {
    static let declaration = VerbDeclaration(
        name: "spool show", summary: "Shows one message whole: its envelope and its trace.",
        arguments: [.init(name: "ID", prose: "a message's id, or a dispatch's number")], options: [.json])

    static func run(_ arguments: ParsedArguments, _ console: Console) async throws -> ExitCode {
        try await ControlClient.run(arguments) { router in
            let id = try await messageID(arguments.positionals[0], router)
            let trace = try await router.get("/v1/messages/\(id)/trace")
            guard !arguments.has("json") else { return console.answer(trace) }
            console.print((trace["message"] ?? .null).indented())
            console.print()
            TracePrinter(console: console).print(trace)
            return .good
        }
    }

    private static func messageID(_ text: String, _ router: ControlClient) async throws -> MessageID {
        guard Int64(text) != nil else { return try MessageID(parsing: text) }
        let answer = try await router.get("/v1/spool", query: [("filter", "number=\(text)"), ("limit", "1")])
        guard let id = answer["dispatches"]?.array?.first?["message"]?.string else {
            throw CommandError.input("no dispatch has the number \(text)")
        }
        return try MessageID(parsing: id)
    }
}

/// The verb `postroad spool retry`.
enum SpoolRetryVerb: Verb {
    static let declaration = SpoolAction.declaration(
        "retry", "Tries waiting dispatches now, and dead or dropped ones anew.")

    static func run(_ arguments: ParsedArguments, _ console: Console) async throws -> ExitCode {
        try await SpoolAction.run("retry", arguments, console)
    }
}

/// The verb `postroad spool drop`.
enum SpoolDropVerb: Verb {
    static let declaration = SpoolAction.declaration("drop", "Ends unsettled and dead dispatches for good.")

    static func run(_ arguments: ParsedArguments, _ console: Console) async throws -> ExitCode {
        try await SpoolAction.run("drop", arguments, console)
    }
}
