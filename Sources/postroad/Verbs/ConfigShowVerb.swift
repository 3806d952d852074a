import Configuration
import Messages
import Routing

/// The verb `postroad config show`.
enum ConfigShowVerb: Verb {
    static let declaration = VerbDeclaration(
        name: "config show",
        summary: "Prints the configuration as the router sees it: merged, filled in, secrets masked.",
        arguments: [.init(name: "KEY", prose: "a part of it, as in mailboxes.work", isRequired: false)],
        examples: [.init(line: "postroad config show router.listen", prose: "where the router listens")])

    static func run(_ arguments: ParsedArguments, _ console: Console) async throws -> ExitCode {
        var path = NodePath()
        if let key = arguments.positionals.first {
            guard let parsed = NodePath(parsing: key) else {
                throw CommandError.usage("postroad config show: \"\(key)\" is no key", verb: "config show")
            }
            path = parsed
        }
        let text = try ConfigurationFile.masked(path: arguments.configuration, at: path)
        console.print(text.hasSuffix("\n") ? String(text.dropLast()) : text)
        return .good
    }
}
