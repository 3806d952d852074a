/// The verb `postroad help`.
enum HelpVerb: Verb {
    static let declaration = VerbDeclaration(
        name: "help", summary: "Prints what there is, or how a verb is used.",
        arguments: [.init(name: "VERB", prose: "the verb", isRequired: false, isRepeated: true)])

    static func run(_ arguments: ParsedArguments, _ console: Console) async throws -> ExitCode {
        guard let first = arguments.positionals.first else {
            console.print(Help.overview())
            return .good
        }
        let group = VerbTable.group(first)
        if arguments.positionals.count == 1, !group.isEmpty {
            console.print(group.map(Help.text).joined(separator: "\n\n"))
            return .good
        }
        let (verb, rest) = try VerbTable.find(arguments.positionals)
        guard rest.isEmpty else {
            throw CommandError.usage(
                "postroad help: no verb \"\(arguments.positionals.joined(separator: " "))\"", verb: nil)
        }
        console.print(Help.text(of: verb.declaration))
        return .good
    }
}
