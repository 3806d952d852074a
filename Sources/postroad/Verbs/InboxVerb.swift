import Messages

/// The verb `postroad inbox`.
enum InboxVerb: Verb {
    static let declaration = VerbDeclaration(
        name: "inbox", summary: "Shows what the inbox mailboxes have received, the newest first.",
        arguments: [
            .init(name: "WHAT", prose: "a recipient such as inbox:me, or the number of one message", isRequired: false)
        ],
        options: [.json, .limit],
        examples: [
            .init(line: "postroad inbox", prose: "everything"),
            .init(line: "postroad inbox local:postmaster", prose: "what the router itself has to say"),
        ])

    static func run(_ arguments: ParsedArguments, _ console: Console) async throws -> ExitCode {
        let what = arguments.positionals.first
        if let what, !what.contains(":") { return try await show(what, arguments, console) }
        let recipient = try what.map { text throws(MessageError) in try Address(parsing: text) }
        let limit = try arguments.integer("limit", in: 1...Self.maximumRows, default: 100)
        return try await ControlClient.run(arguments) { router in
            let rows = try await messages(router, for: recipient, limit: limit)
            guard !arguments.has("json") else { return console.answer(["messages": .array(rows)]) }
            print(rows, console)
            return .good
        }
    }

    /// The most messages that a mailbox lists at once.
    private static let maximumRows = 200

    /// The messages of one recipient, or of all inboxes, the newest first.
    private static func messages(
        _ router: ControlClient, for recipient: Address?, limit: Int
    ) async throws -> [JSON] {
        var rows: [JSON] = []
        for mailbox in try await inboxes(router) where recipient == nil || recipient?.platform == mailbox {
            var query = [("mailbox", mailbox), ("limit", "\(limit)")]
            if let recipient { query.append(("recipient", recipient.description)) }
            rows += try await router.get("/inbox/api/messages", query: query)["messages"]?.array ?? []
        }
        return Array(rows.sorted { $0.text("delivered") > $1.text("delivered") }.prefix(limit))
    }

    /// The inbox mailboxes: each names itself to whoever has not heard of it yet.
    private static func inboxes(_ router: ControlClient) async throws -> [String] {
        var names: [String] = []
        while true {
            let answer = try await router.get(
                "/inbox/api/mailboxes", query: [("except", names.joined(separator: ","))])
            guard let name = answer["mailbox"]?.string else { return names }
            names.append(name)
        }
    }

    private static func print(_ rows: [JSON], _ console: Console) {
        guard !rows.isEmpty else { return console.note("no messages") }
        var table = Table("NUMBER", "TIME", "TO", "FROM", "SUBJECT")
        for row in rows {
            let subject = row.text("subject")
            table.append(
                number(row), DispatchTable.shortTime(row.text("delivered")), Table.cut(row.text("recipient"), to: 20),
                Table.cut(row.text("from"), to: 20), subject.isEmpty ? row.text("snippet") : subject)
        }
        console.print(table)
    }

    /// An inbox's id of a message is the message's own and the dispatch's number, which alone is enough for a person.
    private static func number(_ row: JSON) -> String {
        row.text("id").split(separator: "-").last.map(String.init) ?? row.text("id")
    }

    private static func show(
        _ wanted: String, _ arguments: ParsedArguments, _ console: Console
    ) async throws -> ExitCode {
        try await ControlClient.run(arguments) { router in
            let rows = try await messages(router, for: nil, limit: maximumRows)
            guard let row = rows.first(where: { number($0) == wanted || $0.text("id").hasPrefix(wanted) }) else {
                throw CommandError.input("no message \"\(wanted)\" in the inboxes; `postroad inbox` lists them")
            }
            let answer = try await router.get("/inbox/api/messages/\(ControlClient.percentEncoded(row.text("id")))")
            guard !arguments.has("json") else { return console.answer(answer) }
            EnvelopePrinter(console: console).print(try Envelope(answer["envelope"] ?? answer))
            return .good
        }
    }
}
