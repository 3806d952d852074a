import Clocks
import Glibc
import Logging
import Routing
import Transport

/// The verb `postroad serve`.
enum ServeVerb: Verb {
    static let declaration = VerbDeclaration(
        name: "serve", summary: "Runs the router until it is told to stop (SIGINT, SIGTERM).",
        discussion: """
            The configuration is loaded again when its file changes, and on SIGHUP: a bad one changes nothing and is
            reported. So it is when a certificate's file changes; no connection is dropped. SIGHUP opens the log file anew as
            well. On SIGTERM what is under way is finished first.
            """)

    static func run(_ arguments: ParsedArguments, _ console: Console) async throws -> ExitCode {
        let clock = SystemClock()
        let log = try LogDestination(arguments, clock: clock)
        let file = try ConfigurationFile.loadChecked(path: arguments.configuration, now: clock.now)
        for warning in file.warnings { log.logger.warning("configuration", ["diagnostic": warning]) }
        let failed = file.configuration.runTests(now: clock.now).filter { !$0.passed }
        guard failed.isEmpty else {
            throw CommandError.input(failed.map(\.description).joined(separator: "\n"))
        }
        let loops = try EventLoopGroup()
        let router = try await Router(file: file, loops: loops, clock: clock, logger: log.logger)
        let code = try await supervise(router, log)
        await loops.stop()
        return code
    }

    /// Runs the router beside those who watch the signals and the files.
    private static func supervise(_ router: Router, _ log: LogDestination) async throws -> ExitCode {
        let loop = router.loops.loops[0]
        let (stop, stopper) = AsyncStream<Void>.makeStream()
        let signals = loop.signals([SIGINT, SIGTERM, SIGHUP])
        let listening = Task {
            for await signal in signals {
                guard signal == SIGHUP else { return stopper.finish() }
                log.reopen()
                await router.reload()
            }
        }
        let watch = ConfigurationWatch(loop: loop, clock: SystemClock(), logger: log.logger)
        let watching = Task {
            var watched = router.watched
            var loaded = watch.state(ofFiles: watched.files, patterns: watched.patterns)
            while true {
                try await watch.change(from: loaded, ofFiles: watched.files, patterns: watched.patterns)
                let seen = try await watch.settledState(ofFiles: watched.files, patterns: watched.patterns)
                await router.reload()
                // Files that the new configuration names for the first time count from now on.
                let before = watched
                watched = router.watched
                loaded =
                    watched == before ? seen : watch.state(ofFiles: watched.files, patterns: watched.patterns)
            }
        }
        defer {
            listening.cancel()
            watching.cancel()
        }
        try await router.run(until: stop)
        return .good
    }
}
