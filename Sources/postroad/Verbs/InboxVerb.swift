import Messages

/// The verb `postroad inbox`.
enum InboxVerb: Verb {
    static let declaration = VerbDeclaration(
        name: "inbox", summary: "Shows what the inbox mailboxes have received, the newest first.",
        arguments: [
            .init(name: "WHAT", prose: "a recipient such as inbox:me, or the id of one message", isRequired: false)
        ],
        options: [.json, .limit],
        examples: [
            .init(line: "postroad inbox", prose: "everything"),
            .init(line: "postroad inbox local:postmaster", prose: "what the router itself has to say"),
        ])

    static func run(_ arguments: ParsedArguments, _ console: Console) async throws -> ExitCode {
        let what = arguments.positionals.first
        if let what, let id = try? MessageID(parsing: what) { return try await show(id, arguments, console) }
        let recipient = try what.map { text throws(MessageError) in try Address(parsing: text) }
        let limit = try arguments.integer("limit", in: 1...1_000, default: 100)
        return try await ControlClient.run(arguments) { router in
            var query = [("limit", "\(limit)")]
            if let recipient { query.append(("recipient", recipient.description)) }
            let answer = try await router.get("/inbox/api/messages", query: query)
            guard !arguments.has("json") else { return console.answer(answer) }
            print(answer["messages"]?.array ?? [], console)
            return .good
        }
    }

    private static func print(_ rows: [JSON], _ console: Console) {
        guard !rows.isEmpty else { return console.note("no messages") }
        var table = Table("ID", "TO", "FROM", "SUBJECT")
        for row in rows {
            let subject = row.text("subject")
            table.append(
                row.text("id"), Table.cut(row.text("recipient"), to: 28), Table.cut(row.text("from"), to: 28),
                subject.isEmpty ? row.text("preview") : subject)
        }
        console.print(table)
    }

    private static func show(
        _ id: MessageID, _ arguments: ParsedArguments, _ console: Console
    ) async throws -> ExitCode {
        try await ControlClient.run(arguments) { router in
            let answer = try await router.get("/inbox/api/messages/\(id)")
            guard !arguments.has("json") else { return console.answer(answer) }
            let message = try Envelope(answer["envelope"] ?? answer)
            EnvelopePrinter(console: console).print(message)
            return .good
        }
    }
}
