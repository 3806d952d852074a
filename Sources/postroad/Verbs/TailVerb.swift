import Clocks
import Messages
import Synchronization
import Transport

/// The verb `postroad tail`.
enum TailVerb: Verb {
    static let declaration = VerbDeclaration(
        name: "tail", summary: "Tells what happens to messages, as it happens.",
        discussion: """
            It goes on until it is ended with Ctrl-C, also over restarts of the router, and says when it has missed
            something: the router remembers the last 1,024 events of its run.

            FILTER is that of `postroad spool list`, by what a dispatch is after the event; events tell state, number,
            message, to, from, topic, error, subject and attempts.
            """,
        arguments: [.init(name: "FILTER", prose: "which; all unless given", isRequired: false, isRepeated: true)],
        options: [
            .init(name: "json", prose: "print an object of JSON in each line"),
            .init(name: "recent", prose: "begin with what the router remembers"),
        ],
        examples: [
            .init(line: "postroad tail", prose: "everything"),
            .init(line: "postroad tail 'to=hook:*' state=waiting,dead", prose: "what webhooks do not take"),
        ])

    /// How often a router that is gone is looked for.
    private static let pause = Duration.seconds(1)

    static func run(_ arguments: ParsedArguments, _ console: Console) async throws -> ExitCode {
        var query = [("filter", SpoolFilter.text(arguments.positionals))]
        if arguments.has("recent") { query.append(("after", "0")) }
        let tail = Tail(printer: TailPrinter(console: console, isJSON: arguments.has("json")))
        return try await ControlClient.run(arguments) { [query] router in
            while true {
                do {
                    try await router.events("/v1/events", query: query, after: tail.cursor) { tail.take($0) }
                } catch let error as CommandError {
                    guard case .notRunning = error, tail.cursor != nil else { throw error }
                } catch is HTTPClientError {
                    // The connection broke: the router ended, or is being restarted.
                }
                tail.note("the router is gone; waiting for it")
                try await SystemClock().sleep(for: Self.pause)
            }
        }
    }
}

/// Where a watcher stands.
private final class Tail: Sendable {
    private struct State {
        var cursor: String?
        var isGone = false
    }

    private let state = Mutex(State())
    private let printer: TailPrinter

    init(printer: TailPrinter) {
        self.printer = printer
    }

    /// The last event that was seen.
    var cursor: String? { state.withLock { $0.cursor } }

    /// Takes an event and prints it, unless it only tells where the stream stands.
    func take(_ event: EventReader.Event) {
        let isBack = state.withLock { state in
            if !event.id.isEmpty { state.cursor = event.id }
            defer { state.isGone = false }
            return state.isGone
        }
        if isBack { printer.note("the router is back") }
        if event.name != "cursor" { printer.print(event) }
    }

    /// Says once that the router is gone.
    func note(_ text: String) {
        let isNews = state.withLock { state in
            defer { state.isGone = true }
            return !state.isGone
        }
        if isNews { printer.note(text) }
    }
}
