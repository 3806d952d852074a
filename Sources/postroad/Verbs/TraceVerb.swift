import Messages

/// The verb `postroad trace`.
enum TraceVerb: Verb {
    static let declaration = VerbDeclaration(
        name: "trace", summary: "Tells what became of a message, and why.",
        arguments: [.init(name: "ID", prose: "the message's id")], options: [.json],
        examples: [
            .init(
                line: "postroad trace 019a9c5f-3f3e-7b1a-8000-5d2f6c1e9b07",
                prose: "by which routes it goes, what the stages changed, what each attempt was answered")
        ])

    static func run(_ arguments: ParsedArguments, _ console: Console) async throws -> ExitCode {
        let id = try MessageID(parsing: arguments.positionals[0])
        return try await ControlClient.run(arguments) { router in
            let trace = try await router.get("/v1/messages/\(id)/trace")
            guard !arguments.has("json") else { return console.answer(trace) }
            TracePrinter(console: console).print(trace)
            return .good
        }
    }
}
