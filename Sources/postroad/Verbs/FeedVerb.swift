import Clocks
import Feed
import Messages
import Transport

/// The verb `postroad feed`.
enum FeedVerb: Verb {
    static let declaration = VerbDeclaration(
        name: "feed", summary: "Reads a feed once and shows what would be posted of it; nothing is sent.",
        arguments: [.init(name: "FILE|URL", prose: "a file, or an address that begins with http:// or https://")],
        options: [.json])

    static func run(_ arguments: ParsedArguments, _ console: Console) async throws -> ExitCode {
        let loops = try EventLoopGroup(count: 1, name: "feed")
        let result: Result<ExitCode, any Error>
        do {
            let inspector = FeedInspector(client: HTTPClient(group: loops), now: SystemClock().now)
            let document = try await inspector.read(arguments.positionals[0])
            if arguments.has("json") {
                result = .success(console.answer(try inspector.json(of: document)))
            } else {
                result = .success(try show(document, inspector, console))
            }
        } catch {
            result = .failure(error)
        }
        await loops.stop()
        return try result.get()
    }

    private static func show(
        _ document: FeedDocument, _ inspector: FeedInspector, _ console: Console
    ) throws -> ExitCode {
        let posts = try inspector.posts(of: document)
        let title = Table.printable(document.title)
        console.print("\(console.styled(title, .bold)) (\(document.format.rawValue)), \(posts.count) entries")
        for post in posts {
            console.print()
            console.print("\(console.styled(Table.printable(post.subject), .bold))  \(post.time)")
            for line in post.text.split(separator: "\n", omittingEmptySubsequences: false).prefix(20) {
                console.print(line.isEmpty ? "" : "  \(Table.printable(String(line)))")
            }
        }
        return .good
    }
}
