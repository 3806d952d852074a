import Messages

/// The verb `postroad trace`.
enum TraceVerb: Verb {
    static let declaration = VerbDeclaration(
        name: "trace", summary: "Tells what became of a message, and why.",
        arguments: [
            .init(
                name: "ID",
                prose:
                    "the message's id or its first 8 digits, a dispatch's number, a platform's id, an idempotency key")
        ], options: [.json],
        examples: [
            .init(
                line: "postroad trace 019a9c5f-3f3e-7b1a-8000-5d2f6c1e9b07",
                prose: "by which routes it goes, what the stages changed, what each attempt was answered"),
            .init(line: "postroad trace 019a9c5f", prose: "the same by the beginning of the id"),
            .init(line: "postroad trace order-4711", prose: "the message that was posted with this idempotency key"),
        ])

    static func run(_ arguments: ParsedArguments, _ console: Console) async throws -> ExitCode {
        let text = arguments.positionals[0]
        return try await ControlClient.run(arguments) { router in
            let found = try await trace(text, router)
            switch found {
            case .trace(let trace):
                guard !arguments.has("json") else { return console.answer(trace) }
                TracePrinter(console: console).print(trace)
                return .good
            case .several(let rows):
                if arguments.has("json") {
                    _ = console.answer(["messages": .array(rows)])
                } else {
                    print(rows, console)
                }
                console.note("\(rows.count) messages fit \"\(Table.printable(text))\": name one of them")
                return .badInput
            }
        }
    }

    private enum Found {
        case trace(JSON)
        case several([JSON])
    }

    /// An id that is known is what is meant; anything else is looked for.
    private static func trace(_ text: String, _ router: ControlClient) async throws -> Found {
        if let id = try? MessageID(parsing: text) {
            do {
                return .trace(try await router.get("/v1/messages/\(id)/trace"))
            } catch CommandError.refused(status: 404, let detail) {
                // A platform may have ids of the same form.
                let rows = try await search(text, router)
                guard !rows.isEmpty else { throw CommandError.refused(status: 404, detail: detail) }
                return try await one(of: rows, router)
            }
        }
        let rows = try await search(text, router)
        guard !rows.isEmpty else {
            throw CommandError.input(
                "no message fits \"\(text)\": not the beginning of an id (8 digits at least), a dispatch's number, a "
                    + "platform's id or an idempotency key, or older than the retention")
        }
        return try await one(of: rows, router)
    }

    private static func search(_ text: String, _ router: ControlClient) async throws -> [JSON] {
        try await router.get("/v1/messages", query: [("find", text)])["messages"]?.array ?? []
    }

    private static func one(of rows: [JSON], _ router: ControlClient) async throws -> Found {
        guard rows.count == 1 else { return .several(rows) }
        return .trace(try await router.get("/v1/messages/\(rows[0].text("id"))/trace"))
    }

    private static func print(_ rows: [JSON], _ console: Console) {
        var table = Table("MESSAGE", "ACCEPTED", "FROM", "WHAT")
        for row in rows {
            let subject = row.text("subject")
            table.append(
                row.text("id"), DispatchTable.shortTime(row.text("accepted")), row.text("from").cut(toColumns: 20),
                subject.isEmpty ? row.text("topic") : subject)
        }
        console.print(table)
    }
}
