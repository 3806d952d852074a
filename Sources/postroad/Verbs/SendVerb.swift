import Messages

/// The verb `postroad send`.
enum SendVerb: Verb {
    static let declaration = VerbDeclaration(
        name: "send", summary: "Sends a message through the running router.",
        discussion: """
            Without --to the message goes where the routes send its topic. The text is read from standard input when it is
            not given. With --envelope a whole envelope is read as JSON instead.
            """,
        arguments: [.init(name: "TEXT", prose: "the text; `-` or nothing for standard input", isRequired: false)],
        options: [
            .init(name: "to", value: "ADDRESS", prose: "a recipient", isRepeated: true),
            .init(name: "topic", value: "TOPIC", prose: "what it is about; local:send unless given"),
            .init(name: "from", value: "ADDRESS", prose: "the sender; local:operator unless given"),
            .init(name: "subject", value: "TEXT", prose: "the subject"),
            .init(name: "thread", value: "TEXT", prose: "the conversation it belongs to"),
            .init(name: "priority", value: "PRIORITY", prose: "low, normal, high or urgent"),
            .init(name: "markdown", prose: "the text is Markdown"),
            .init(name: "envelope", value: "FILE", prose: "read the envelope from FILE, `-` for standard input"),
            .json,
        ],
        examples: [
            .init(line: "postroad send --to inbox:me --subject Hello 'It works.'", prose: "to an inbox"),
            .init(line: "echo 'disk is full' | postroad send --topic api:alert/disk", prose: "by the routes"),
        ])

    static func run(_ arguments: ParsedArguments, _ console: Console) async throws -> ExitCode {
        let envelope = try envelope(arguments)
        return try await ControlClient.run(arguments) { router in
            let answer = try await router.post("/v1/send", envelope)
            guard !arguments.has("json") else { return console.answer(answer) }
            console.print(answer.text("id"))
            for row in answer["dispatches"]?.array ?? [] {
                console.note("→ \(row.text("to")) (\(row.text("route")))")
            }
            return .good
        }
    }

    private static func envelope(_ arguments: ParsedArguments) throws -> JSON {
        if let file = arguments["envelope"] { return try JSON(parsing: try InputFile.read(file)) }
        let given = arguments.positionals.first ?? "-"
        let text = given == "-" ? String(decoding: try InputFile.read("-"), as: UTF8.self) : given
        guard arguments["subject"] != nil || !text.allSatisfy(\.isWhitespace) else {
            throw CommandError.input("there is nothing to send: the text is empty, and there is no --subject")
        }
        var part: JSONObject = ["type": "text", "text": .string(text)]
        if arguments.has("markdown") { part["format"] = "markdown" }
        var envelope: JSONObject = ["parts": [.object(part)]]
        for name in ["topic", "from", "subject", "thread", "priority"] {
            envelope[name] = arguments[name].map(JSON.string)
        }
        if arguments.has("to") { envelope["to"] = .array(arguments.all("to").map(JSON.string)) }
        return .object(envelope)
    }
}
