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

    /// What is to be shown.
    private enum Wanted {
        case messages(to: Address?)
        case dispatch(Int64)
        /// A message by its id, or one copy of it by that and the dispatch's number.
        case message(String, MessageID)

        init(_ text: String?) throws(MessageError) {
            if let text, let number = Int64(text) {
                self = .dispatch(number)
            } else if let text, let id = try? MessageID(parsing: String(text.prefix(36))) {
                self = .message(text, id)
            } else if let text {
                self = .messages(to: try Address(parsing: text))
            } else {
                self = .messages(to: nil)
            }
        }
    }

    static func run(_ arguments: ParsedArguments, _ console: Console) async throws -> ExitCode {
        let wanted = try Wanted(arguments.positionals.first)
        let limit = try arguments.integer("limit", in: 1...200, default: 50)
        return try await ControlClient.run(arguments) { router in
            let inbox = try await InboxClient(router)
            switch wanted {
            case .dispatch(let number):
                return try show([try await inbox.message(ofDispatch: number)], arguments, console)
            case .message(let name, let id):
                return try show(try await inbox.messages(name, of: id), arguments, console)
            case .messages(let recipient):
                let rows = try await inbox.list(recipient, limit: limit)
                guard !arguments.has("json") else { return console.answer(["messages": .array(rows)]) }
                print(rows, console)
                if rows.count == limit { console.note("the latest \(limit); --limit shows more") }
                return .good
            }
        }
    }

    private static func show(
        _ messages: [JSON], _ arguments: ParsedArguments, _ console: Console
    ) throws -> ExitCode {
        guard !arguments.has("json") else { return console.answer(.array(messages)) }
        for message in messages {
            console.print("recipient", message.text("recipient"))
            EnvelopePrinter(console: console).print(try Envelope(message["envelope"] ?? .null))
        }
        return .good
    }

    private static func print(_ rows: [JSON], _ console: Console) {
        guard !rows.isEmpty else { return console.note("no messages") }
        var table = Table("NUMBER", "TIME", "TO", "FROM", "SUBJECT")
        for row in rows {
            let subject = row.text("subject")
            table.append(
                row.text("number"), DispatchTable.shortTime(row.text("delivered")),
                row.text("recipient").cut(toColumns: 20), row.text("from").cut(toColumns: 20),
                subject.isEmpty ? row.text("snippet") : subject)
        }
        console.print(table)
    }
}
