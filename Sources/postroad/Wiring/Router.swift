import AdapterKit
import Clocks
import Configuration
import Email
import Engine
import Files
import Gateway
import Logging
import Messages
import Routing
import Spooling
import Synchronization
import Transport

/// A whole router: everything that belongs to it hangs on this one value.
final class Router: Sendable {
    let loops: EventLoopGroup
    let exchange: Exchange
    let mailboxes: MailboxHost
    let spool: SQLiteSpool
    let logger: Logger
    private let clock: any WallClock
    private let client: HTTPClient
    private let started: Timestamp
    /// What the router was started with: a change needs a restart.
    private let startedWith: RouterConfiguration
    private let file: Mutex<ConfigurationFile>
    private let front: RouterFront
    private let process: RouterProcess
    /// Where it listens; nil until it runs.
    private let listeners = Mutex<RouterListeners?>(nil)

    /// Sets a router up: opens the spool and makes the mailboxes; nothing listens yet.
    ///
    /// - Throws: what keeps the router from running.
    init(
        file: ConfigurationFile, loops: EventLoopGroup, clock: any WallClock, logger: Logger,
        process: RouterProcess = RouterProcess()
    ) async throws {
        let settings = file.configuration.router
        try file.paths.check()
        self.file = Mutex(file)
        startedWith = file.configuration
        self.loops = loops
        self.clock = clock
        self.logger = logger
        self.process = process
        started = clock.now
        client = HTTPClient(group: loops, configuration: try HTTPClientConfiguration(settings))
        front = try process.front ?? RouterFront(settings, clock: clock, logger: logger)
        spool = try await SQLiteSpool(
            folder: FilePath(settings.data), limit: Int64(settings.limits.spool.bytes), clock: clock, logger: logger)
        let identifiers = MessageIDSource(clock: clock, random: SystemRandomNumberGenerator())
        exchange = Exchange(
            routing: file.configuration.routingState, spool: spool, clock: clock, identifiers: identifiers,
            random: SystemRandomNumberGenerator(), logger: logger, executor: loops.loops[0],
            deliveryExecutors: loops.loops)
        mailboxes = MailboxHost(
            surroundings: MailboxHost.Surroundings(
                router: settings.name, clock: clock, logger: logger, client: client, loops: loops, exchange: exchange,
                blobs: SpoolBlobStore(spool.blobs), identifiers: identifiers),
            registry: BuiltInAdapters.registry)
        try await mailboxes.apply(file.configuration.mailboxes)
    }

    /// Listens and routes until it is told to end or a part that everything needs fails; then stops in order.
    ///
    /// - Parameter endings: How to end, when the time has come; a stream that finishes says stop.
    /// - Returns: How it has ended.
    /// - Throws: what kept the router from going on.
    @discardableResult
    func run(until endings: AsyncStream<RouterEnding>) async throws -> RouterEnding {
        try await exchange.prepare()
        let listeners = try await listen()
        self.listeners.withLock { $0 = listeners }
        try await rebuildEndpoints()
        logger.info(
            "router ready",
            [
                "name": settings.name, "listens": listeners, "page": listeners.page ?? "none", "data": settings.data,
            ])
        return try await withThrowingTaskGroup { group in
            listeners.run(in: &group)
            group.addTask(executorPreference: loops.loops[0]) { try await self.exchange.run() }
            group.addTask { try await self.keeper.run() }
            group.addTask { try await self.watchExpiry() }
            let stopping = Task {
                let ending = await endings.first { _ in true } ?? .stop
                await self.shutDown(listeners, ending)
                return ending
            }
            await process.whenReady()
            // A part that ends while nobody said stop takes the others with it.
            let failure: (any Error)?
            do {
                try await group.next()
                failure = nil
            } catch {
                failure = error
                await shutDown(listeners, .stop)
            }
            stopping.cancel()
            let ending = await stopping.value
            group.cancelAll()
            if let failure { throw failure }
            return ending
        }
    }

    /// Loads the configuration again; a bad one changes nothing and is reported.
    func reload() async {
        let path = file.withLock { $0.path }
        do {
            let fresh = try ConfigurationFile.loadChecked(path: path, now: clock.now)
            let failed = fresh.configuration.runTests(now: clock.now).filter { !$0.passed }
            guard failed.isEmpty else {
                throw CommandError.input(failed.map(\.description).joined(separator: "\n"))
            }
            try await mailboxes.apply(fresh.configuration.mailboxes)
            if let certificates = front.certificates, try certificates.reload(fresh.configuration.router.tls) {
                logger.info("certificates renewed", ["file": path])
            }
            try front.endpoints.use(fresh.configuration.router.http)
            listeners.withLock { $0 }?.update(users: try fresh.configuration.router.mail.accounts)
            exchange.use(fresh.configuration.routingState)
            file.withLock { $0 = fresh }
            try await rebuildEndpoints()
            logger.info("configuration reloaded", ["file": path, "routes": fresh.configuration.table.routes.count])
            for warning in fresh.warnings { logger.warning("configuration", ["diagnostic": warning]) }
            let waiting = fresh.configuration.difference(from: startedWith).needsRestart
            if !waiting.isEmpty {
                logger.warning("a change needs a restart", ["keys": waiting.joined(separator: ", "), "file": path])
            }
        } catch {
            logger.error("configuration not reloaded, the old one stays", ["file": path, "error": "\(error)"])
        }
    }

    /// What is in force.
    var configuration: ConfigurationFile { file.withLock { $0 } }

    /// The files whose change is a reason to reload.
    var watched: (files: [String], patterns: [String]) {
        file.withLock { $0.watched }
    }

    private var settings: RouterSettings { startedWith.router }

    private var keeper: SpoolKeeper {
        SpoolKeeper(
            exchange: exchange, spool: spool, clock: clock, logger: logger, limit: Int64(settings.limits.spool.bytes),
            retention: settings.retention)
    }

    /// Asks the mailboxes for their endpoints and mail addresses anew.
    private func rebuildEndpoints() async throws {
        let adapters = await mailboxes.adapters
        let readers = configuration.configuration.router.metrics
        let control = ControlAPI(
            exchange: exchange, spool: spool, status: self,
            readers: ControlAPI.MetricsReaders(rawValue: readers.rawValue) ?? .operators)
        let own = adapters.compactMap { $0 as? any EndpointProviding }.flatMap(\.endpoints)
        front.endpoints.use(HTTPRouter(try control.routes() + own))
        let receivers = adapters.compactMap { $0 as? any MailReceiver }
        listeners.withLock { $0 }?.update(receivers: receivers)
    }

    private func listen() async throws -> RouterListeners {
        if let bound = process.listeners { return bound }
        return try await RouterListeners(
            settings, front, on: loops, sockets: process.sockets, logger: logger)
    }

    /// Requests and attempts under way are finished first; the spool is closed last.
    private func shutDown(_ listeners: RouterListeners, _ ending: RouterEnding) async {
        switch ending {
        case .stop:
            logger.info("router stops")
            process.sockets.close()
            await listeners.shutdown(within: Self.grace)
        case .handOver:
            logger.info("router hands over")
            process.sockets.leaveFiles(true)
            await listeners.shutdown(within: Self.grace, idleGrace: Self.idleGrace)
        }
        await mailboxes.stop()
        await exchange.stop(within: Self.grace)
        await spool.close()
        client.shutdown()
    }

    /// Says every day which certificates want looking after.
    private func watchExpiry() async throws {
        while true {
            try await clock.sleep(for: .seconds(86_400))
            for warning in front.certificates?.warnings ?? [] { logger.warning("certificate", ["warning": warning]) }
        }
    }

    /// How long requests and attempts under way have.
    private static let grace = Duration.seconds(10)
    /// How long clients that are connected may still begin something, so that no request is lost that is on its way.
    private static let idleGrace = Duration.milliseconds(500)
}

extension Router: StatusReporting {
    func status() async -> JSONObject {
        var report: JSONObject = [
            "name": .string(settings.name), "version": .string(Postroad.version),
            "since": .string(started.description), "pid": .integer(Int64(Inheritance.ownProcess)),
        ]
        report["restart_failure"] = process.restartFailure.map(JSON.string)
        report["listeners"] = listeners.withLock { $0 }?.status ?? []
        report["certificates"] = front.certificates?.status
        return report
    }

    func mailboxes() async -> [MailboxStatus] {
        await mailboxes.statuses()
    }

    func restart() async throws -> JSONObject {
        try await process.restart()
    }
}

extension RouterConfiguration {
    /// What accepting a message needs to know.
    var routingState: RoutingState {
        RoutingState(
            table: table, router: router.name, postmaster: router.postmaster,
            mailboxes: Dictionary(uniqueKeysWithValues: mailboxes.map { ($0.name, $0.canSend) }),
            messageLimit: router.limits.message.bytes, hopLimit: router.limits.hops,
            depthLimit: router.limits.depth)
    }
}
