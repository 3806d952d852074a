/// The verb `postroad version`.
enum VersionVerb: Verb {
    static let declaration = VerbDeclaration(name: "version", summary: "Prints the version.")

    static func run(_ arguments: ParsedArguments, _ console: Console) async throws -> ExitCode {
        console.print("postroad \(Postroad.version)")
        return .good
    }
}
