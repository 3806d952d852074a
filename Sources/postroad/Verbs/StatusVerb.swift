import Messages

/// The verb `postroad status`.
enum StatusVerb: Verb {
    static let declaration = VerbDeclaration(
        name: "status",
        summary: "Shows how the running router is: where it listens, its certificates, what waits.", options: [.json])

    static func run(_ arguments: ParsedArguments, _ console: Console) async throws -> ExitCode {
        try await ControlClient.run(arguments) { router in
            let answer = try await router.get("/v1/status")
            guard !arguments.has("json") else { return console.answer(answer) }
            StatusPrinter(console: console).print(answer)
            return .good
        }
    }
}
