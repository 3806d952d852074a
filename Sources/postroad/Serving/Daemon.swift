import Clocks
import Gateway
import Glibc
import Logging
import Messages
import Routing
import Synchronization
import Transport

/// The life of `postroad serve`: a router, its signals, and the change to a successor.
///
/// ```
///   this process                                    successor
///   starts it, with the listening sockets    ──▶    reads and checks the configuration, binds what is new
///                                            ◀──    ready (or failed: this router goes on)
///   accepts no more, ends what is under way,
///   closes the spool                         ──▶    go
///                                                   opens the spool, accepts what waits in the kernel
///   ends                                     ◀──    serving (or failed, or gone: a new router begins here)
/// ```
/// So the spool is open in one process at a time, and the sockets in at least one at any time.
final class Daemon: Sendable {
    struct State {
        /// Ends the router that runs.
        var endings: AsyncStream<RouterEnding>.Continuation?
        var router: Router?
        /// What the files of the configuration were when it was loaded.
        var files: ConfigurationWatch.State?
        var successor: Successor?
        var isRestarting = false
        var isStopping = false
    }

    let arguments: ParsedArguments
    let program: OwnProgram
    let environment: [String: String]
    let log: LogDestination
    let loops: EventLoopGroup
    let sockets: ListeningSockets
    let manager: ServiceManager
    let clock: LoopClock
    let state = Mutex(State())

    var logger: Logger { log.logger }

    init(
        _ arguments: ParsedArguments, program: OwnProgram, environment: [String: String], log: LogDestination,
        loops: EventLoopGroup, inheritance: Inheritance
    ) {
        self.arguments = arguments
        self.program = program
        self.environment = environment
        self.log = log
        self.loops = loops
        clock = LoopClock(loop: loops.loops[0])
        sockets = ListeningSockets(inheritance.sockets)
        manager = ServiceManager(environment)
    }

    /// Serves until a signal says stop, or a successor has taken over.
    ///
    /// - Parameter predecessor: The line to the process whose place this one is to take.
    /// - Throws: what kept the router from running.
    func run(succeeding predecessor: HandoverLink?) async throws {
        let life = Task { try await live(succeeding: predecessor) }
        let listening = Task { await listen(stopping: life) }
        let watching = Task { try await watch() }
        let pulse = Task { try await beat() }
        defer {
            for task in [watching, pulse] { task.cancel() }
            listening.cancel()
        }
        do {
            try await life.value
        } catch {
            // Told to stop before there was a router to end in order.
            guard state.withLock({ $0.isStopping }) else { throw error }
        }
    }

    private func live(succeeding predecessor: HandoverLink?) async throws {
        var file = try loadConfiguration()
        let (files, patterns) = file.watched
        // A change from now on counts, also one that comes before the router is there.
        state.withLock { $0.files = fileWatch.state(ofFiles: files, patterns: patterns) }
        var process = makeProcess(predecessor)
        if let predecessor {
            let settings = file.configuration.router
            let front = try RouterFront(settings, clock: clock, logger: logger)
            process.front = front
            process.listeners = try await RouterListeners(settings, front, on: loops, sockets: sockets, logger: logger)
            try await waitForTurn(predecessor)
        }
        while true {
            let router = try await Router(file: file, loops: loops, clock: clock, logger: logger, process: process)
            guard try await run(router) == .handOver else { return await endSuccessor() }
            guard let failure = await handOver() else { return }
            logger.error("successor failed, this router goes on", ["error": failure])
            file = router.configuration
            process = makeProcess(nil)
            process.restartFailure = failure
            sockets.leaveFiles(false)
            sockets.putBack()
        }
    }

    private func run(_ router: Router) async throws -> RouterEnding {
        let (endings, continuation) = AsyncStream<RouterEnding>.makeStream()
        let isStopping = state.withLock { state in
            state.router = router
            state.endings = continuation
            return state.isStopping
        }
        if isStopping { continuation.yield(.stop) }
        defer {
            state.withLock { state in
                state.router = nil
                state.endings = nil
            }
        }
        return try await router.run(until: endings)
    }

    private func makeProcess(_ predecessor: HandoverLink?) -> RouterProcess {
        RouterProcess(
            sockets: sockets,
            whenReady: { [self] in
                closeUnused(areOfPredecessor: predecessor != nil)
                notify(.ready("serving"))
                await tell(predecessor, .serving)
            },
            restart: { [self] in try await restart() })
    }

    /// Closes the sockets that this process was started with and has no use for.
    private func closeUnused(areOfPredecessor: Bool) {
        for address in Set(sockets.unused) {
            if areOfPredecessor {
                logger.info("no longer listening", ["address": address])
            } else {
                logger.warning("nothing in routes.yaml is for a socket that was passed", ["address": address])
            }
        }
        sockets.closeUnused()
    }

    /// - Throws: ``CommandError/input(_:)`` with all that is wrong.
    private func loadConfiguration() throws -> ConfigurationFile {
        let file = try ConfigurationFile.loadChecked(path: arguments.configuration, now: clock.now)
        for warning in file.warnings { logger.warning("configuration", ["diagnostic": warning]) }
        let failed = file.configuration.runTests(now: clock.now).filter { !$0.passed }
        guard failed.isEmpty else {
            throw CommandError.input(failed.map(\.description).joined(separator: "\n"))
        }
        return file
    }

    /// Tells the service manager something, if there is one.
    func notify(_ state: ServiceManager.State) {
        do throws(TransportError) {
            try manager.tell(state)
        } catch {
            logger.warning("service manager not told", ["error": error])
        }
    }
}

// MARK: - Signals, files and the watchdog

extension Daemon {
    private func listen(stopping life: Task<Void, any Error>) async {
        for await signal in loops.loops[0].signals([SIGINT, SIGTERM, SIGHUP, SIGUSR2]) {
            switch signal {
            case SIGHUP: await reload()
            case SIGUSR2: Task { await restartOnSignal() }
            default:
                // Whoever asks twice does not want to wait: what is under way is told as unknown at the next start.
                if state.withLock({ $0.isStopping }) { endAtOnce(signal) }
                stop(life)
            }
        }
    }

    private func stop(_ life: Task<Void, any Error>) {
        notify(.stopping)
        let endings = state.withLock { state in
            state.isStopping = true
            return state.endings
        }
        // Between two routers there is nothing to end in order.
        if let endings { endings.yield(.stop) } else { life.cancel() }
    }

    /// Ends the process as the signal would; the spool is as after a loss of power.
    private func endAtOnce(_ signal: CInt) -> Never {
        logger.warning("router ends at once, as it was told to stop twice")
        _exit(128 + signal)
    }

    private func reload() async {
        log.reopen()
        guard let router = state.withLock({ $0.router }) else { return }
        notify(.reloading)
        await router.reload()
        notify(.ready("serving"))
    }

    private func restartOnSignal() async {
        do {
            _ = try await restart()
        } catch {
            logger.error("not restarted, this router goes on", ["error": "\(error)"])
        }
    }

    private var fileWatch: ConfigurationWatch {
        ConfigurationWatch(loop: loops.loops[0], clock: clock, logger: logger)
    }

    /// Reloads when a file of the configuration changes.
    private func watch() async throws {
        let watch = fileWatch
        var seen: ConfigurationWatch.State?
        while true {
            guard let router = state.withLock({ $0.router }) else {
                try await clock.sleep(for: .milliseconds(100))
                continue
            }
            let watched = router.watched
            let loaded =
                seen ?? state.withLock { $0.files } ?? watch.state(ofFiles: watched.files, patterns: watched.patterns)
            try await watch.change(from: loaded, ofFiles: watched.files, patterns: watched.patterns)
            seen = try await watch.settledState(ofFiles: watched.files, patterns: watched.patterns)
            await router.reload()
            // Files that the new configuration names for the first time count from now on.
            let (files, patterns) = router.watched
            if (files, patterns) != watched { seen = watch.state(ofFiles: files, patterns: patterns) }
        }
    }

    /// Tells the service manager in time that every loop still turns.
    private func beat() async throws {
        guard let interval = manager.watchdog else { return }
        while true {
            for loop in loops.loops { try await loop.sleep(for: .milliseconds(1)) }
            notify(.alive)
            try await loops.loops[0].sleep(for: interval / 3)
        }
    }
}
