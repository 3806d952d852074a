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
        let group = VerbTable.all.map { $0.declaration }.filter { $0.name.hasPrefix("\(first) ") }
        if arguments.positionals.count == 1, !group.isEmpty {
            console.print(group.map(Help.text).joined(separator: "\n\n"))
            return .good
        }
        console.print(Help.text(of: try VerbTable.find(arguments.positionals).verb.declaration))
        return .good
    }
}
