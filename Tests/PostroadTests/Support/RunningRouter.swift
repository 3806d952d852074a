import Clocks
import Files
import Gateway
import Logging
import Messages
import TestSupport
import Testing
import Transport

@testable import postroad

/// A whole router in this process, on a free port, whose configuration the verbs are given.
struct RunningRouter: Sendable {
    /// The path of its configuration.
    let configuration: String
    /// The router.
    let router: Router

    /// The folder of its configuration.
    var folder: String { FilePath(configuration).folder.text }

    /// Runs a test beside a router with the mailboxes `inbox`, `api` and others; `settings` are more lines of `router:` than its
    /// name and its data folder, `prepare` makes files in the folder before the router is started.
    static func run(
        settings: String = "listen: {http: \"127.0.0.1:0\"}", others: String = "",
        prepare: (_ folder: String) throws -> Void = { _ in },
        _ body: @escaping @Sendable (RunningRouter) async throws -> Void
    ) async throws {
        try await withTemporaryFolder { folder in
            try prepare(folder)
            let path = try Self.write(folder, settings, others)
            let log = LogRecorder()
            let loops = try EventLoopGroup(count: 1, name: "router")
            let router = try await Router(
                file: try ConfigurationFile.load(path: path), loops: loops, clock: SystemClock(),
                logger: Logger(level: .debug, sink: log))
            let (stop, stopper) = AsyncStream<RouterEnding>.makeStream()
            let running = Task { try await router.run(until: stop) }
            let result: Result<Void, any Error>
            do {
                try await Self.listening(log, on: loops)
                result = .success(try await body(RunningRouter(configuration: path, router: router)))
            } catch {
                result = .failure(error)
            }
            stopper.finish()
            _ = try await running.value
            await loops.stop()
            try result.get()
        }
    }

    /// Runs a command line for this router.
    func postroad(_ words: String...) async -> CommandLineRun {
        await CommandLineRun(words + ["--config", configuration])
    }

    /// Runs a command line until it prints what is waited for.
    func postroad(_ words: String..., until wanted: String) async throws -> CommandLineRun {
        for _ in 0..<1_000 {
            let run = await CommandLineRun(words + ["--config", configuration])
            if run.answer.contains(wanted) { return run }
            try await router.loops.loops[0].sleep(for: .milliseconds(5))
        }
        throw NeverHappened(what: wanted)
    }

    /// The API behind the control socket.
    var control: ControlAPI { ControlAPI(exchange: router.exchange, spool: router.spool, status: router) }

    /// What the router answers by the control socket.
    func get(_ path: String) async throws -> JSON {
        let words = try ParsedArguments(["--config", configuration], for: VersionVerb.declaration)
        return try await ControlClient.run(words) { try await $0.get(path) }
    }

    struct NeverHappened: Error {
        let what: String
    }

    private static func listening(_ log: LogRecorder, on loops: EventLoopGroup) async throws {
        for _ in 0..<10_000 {
            if log.events.contains(where: { $0.name == "router ready" }) { return }
            try await loops.loops[0].sleep(for: .milliseconds(1))
        }
        throw NeverHappened(what: "router ready")
    }

    private static func write(_ folder: String, _ settings: String, _ others: String) throws -> String {
        let text = """
            router:
              name: test.example
              data: ./data
              \(settings.split(separator: "\n").joined(separator: "\n  "))
            mailboxes: {inbox: {adapter: inbox}, api: {adapter: http}\(others)}
            routes: [{name: all, match: "api:**", to: "inbox:everyone"}]
            """
        try FileSystem.posix.write(Array(text.utf8), to: FilePath("\(folder)/routes.yaml"))
        return "\(folder)/routes.yaml"
    }
}
