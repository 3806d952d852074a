import Files
import Routing

/// The verb `postroad docs`.
enum DocsVerb: Verb {
    static let declaration = VerbDeclaration(
        name: "docs", summary: "Writes the reference pages of this release: the command line and routes.yaml.",
        arguments: [.init(name: "FOLDER", prose: "where to; docs unless given", isRequired: false)])

    /// The pages, by file name.
    static var pages: [(name: String, text: String)] {
        [
            ("cli.md", Help.markdown()),
            ("routes.md", RoutesReference.markdown(adapters: BuiltInAdapters.descriptions)),
        ]
    }

    static func run(_ arguments: ParsedArguments, _ console: Console) async throws -> ExitCode {
        let folder = FilePath(arguments.positionals.first ?? "docs")
        try FileSystem.posix.createFolder(folder, readableByAll: true)
        for page in pages {
            try FileSystem.posix.write(Array(page.text.utf8), to: folder.appending(page.name), readableByAll: true)
            console.print(folder.appending(page.name).text)
        }
        return .good
    }
}
