import Messages

/// The verb `postroad subscriptions list`.
enum SubscriptionsListVerb: Verb {
    static let declaration = VerbDeclaration(
        name: "subscriptions list",
        summary: "Lists subscriptions, the oldest first: routes of one topic pattern to one address, made at run time.",
        options: [
            .json, .limit, .init(name: "address", value: "ADDRESS", prose: "those of this address alone"),
            .init(name: "after", value: "NUMBER", prose: "those after the one of this number"),
        ])

    static func run(_ arguments: ParsedArguments, _ console: Console) async throws -> ExitCode {
        let limit = try arguments.integer("limit", in: 1...10_000, default: 100)
        var query = [("limit", "\(limit)")]
        for name in ["address", "after"] { if let value = arguments[name] { query.append((name, value)) } }
        return try await ControlClient.run(arguments) { [query] router in
            let answer = try await router.get("/v1/subscriptions", query: query)
            guard !arguments.has("json") else { return console.answer(answer) }
            var table = Table("NUMBER", "PATTERN", "ADDRESS", "SINCE", "BY")
            let rows = answer["subscriptions"]?.array ?? []
            for row in rows {
                table.append(
                    "\(row["id"]?.integer ?? 0)", row.text("pattern"), row.text("address"), row.text("created"),
                    row.text("by"))
            }
            console.print(table)
            if rows.count == limit { console.note("the first \(limit); --after and --limit show more") }
            return .good
        }
    }
}

/// The verb `postroad subscriptions add`.
enum SubscriptionsAddVerb: Verb {
    static let declaration = VerbDeclaration(
        name: "subscriptions add", summary: "Has the messages of all topics that a pattern fits sent to an address.",
        discussion: "It holds from the next message on. A subscription that is there already stays as it is.",
        arguments: [
            .init(name: "PATTERN", prose: "the topics, as in news:** or '*:alert/**'"),
            .init(name: "ADDRESS", prose: "where their messages go"),
        ],
        options: [.json],
        examples: [
            .init(line: "postroad subscriptions add 'news:**' work:C024BE91L", prose: "all news for a channel")
        ])

    static func run(_ arguments: ParsedArguments, _ console: Console) async throws -> ExitCode {
        let pattern = try TopicPattern(parsing: arguments.positionals[0])
        let address = try Address(parsing: arguments.positionals[1])
        return try await ControlClient.run(arguments) { router in
            let answer = try await router.post(
                "/v1/subscriptions",
                ["pattern": .string(pattern.description), "address": .string(address.description)])
            guard !arguments.has("json") else { return console.answer(answer) }
            console.note("subscription \(answer["id"]?.integer ?? 0): \(pattern) to \(address)")
            return .good
        }
    }
}

/// The verb `postroad subscriptions remove`.
enum SubscriptionsRemoveVerb: Verb {
    static let declaration = VerbDeclaration(
        name: "subscriptions remove", summary: "Ends a subscription.",
        arguments: [
            .init(name: "PATTERN", prose: "its pattern, or its number alone"),
            .init(name: "ADDRESS", prose: "its address", isRequired: false),
        ],
        options: [.json])

    static func run(_ arguments: ParsedArguments, _ console: Console) async throws -> ExitCode {
        var body = JSONObject()
        if arguments.positionals.count == 1 {
            guard let id = Int64(arguments.positionals[0]) else {
                throw CommandError.usage(
                    "postroad subscriptions remove: give a number, or a pattern and an address",
                    verb: "subscriptions remove")
            }
            body["id"] = .integer(id)
        } else {
            body["pattern"] = .string(try TopicPattern(parsing: arguments.positionals[0]).description)
            body["address"] = .string(try Address(parsing: arguments.positionals[1]).description)
        }
        return try await ControlClient.run(arguments) { [body] router in
            let answer = try await router.post("/v1/subscriptions/remove", .object(body))
            guard !arguments.has("json") else { return console.answer(answer) }
            console.note(
                "subscription \(answer["id"]?.integer ?? 0) ended: "
                    + "\(answer.text("pattern")) to \(answer.text("address"))")
            return .good
        }
    }
}
