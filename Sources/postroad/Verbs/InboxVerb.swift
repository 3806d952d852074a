import Messages

/// The verb `postroad inbox`.
enum InboxVerb: Verb {
    static let declaration = VerbDeclaration(
        name: "inbox", summary: "Shows what the inbox mailboxes have received, the newest first.",
        arguments: [
            .init(name: "WHAT", prose: "a recipient such as inbox:me, or the number of one message", isRequired: false)
        ],
        options: [.json, .init(name: "limit", value: "N", prose: "print at most N messages; 50 unless given")],
        examples: [
            .init(line: "postroad inbox", prose: "everything"),
            .init(line: "postroad inbox local:postmaster", prose: "what the router itself has to say"),
        ])

    static func run(_ arguments: ParsedArguments, _ console: Console) async throws -> ExitCode {
        let what = arguments.positionals.first
        let limit = try arguments.integer("limit", in: 1...200, default: 50)
        // The id of a message, or that with the number of a dispatch, as the listing shows it.
        let id = what.flatMap { try? MessageID(parsing: String($0.prefix(36))) }
        let recipient = id == nil ? try what.map { text throws(MessageError) in try Address(parsing: text) } : nil
        return try await ControlClient.run(arguments) { router in
            let inbox = try await InboxClient(router)
            if let id, let what {
                let messages = try await inbox.messages(what, of: id)
                guard !arguments.has("json") else { return console.answer(.array(messages)) }
                for message in messages {
                    let printer = EnvelopePrinter(console: console)
                    console.print("recipient", message.text("recipient"))
                    printer.print(try Envelope(message["envelope"] ?? .null))
                }
                return .good
            }
            let rows = try await inbox.list(recipient, limit: limit)
            guard !arguments.has("json") else { return console.answer(["messages": .array(rows)]) }
            print(rows, console)
            if rows.count == limit { console.note("the latest \(limit); --limit shows more") }
            return .good
        }
    }

    private static func print(_ rows: [JSON], _ console: Console) {
        guard !rows.isEmpty else { return console.note("no messages") }
        var table = Table("ID", "TO", "FROM", "SUBJECT")
        for row in rows {
            let subject = row.text("subject")
            table.append(
                row.text("id"), row.text("recipient").cut(toColumns: 28), row.text("from").cut(toColumns: 28),
                subject.isEmpty ? row.text("snippet") : subject)
        }
        console.print(table)
    }
}
