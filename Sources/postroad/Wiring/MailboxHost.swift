import AdapterKit
import Clocks
import Configuration
import Engine
import Gateway
import Logging
import Messages
import Routing
import Transport

/// The mailboxes that are set up: makes, starts, replaces and stops adapters as the configuration changes.
actor MailboxHost {
    /// What every mailbox is given.
    struct Surroundings: Sendable {
        let router: String
        let clock: any WallClock
        let logger: Logger
        let client: HTTPClient
        let loops: EventLoopGroup
        let exchange: Exchange
        let blobs: any BlobStore
        let identifiers: MessageIDSource
    }

    private struct Mailbox {
        let configuration: MailboxConfiguration
        let adapter: any Adapter
        let abilities: Abilities
        let supervisor: MailboxSupervisor
        let health: HealthReport
        /// Receives; `nil` until it is started.
        var task: Task<Void, Never>?
    }

    private let surroundings: Surroundings
    private let registry: AdapterRegistry
    private var running: [String: Mailbox] = [:]
    private var order: [String] = []

    init(surroundings: Surroundings, registry: AdapterRegistry) {
        self.surroundings = surroundings
        self.registry = registry
    }

    /// The adapters in the order of the file.
    var adapters: [any Adapter] { order.compactMap { running[$0]?.adapter } }

    /// Brings the mailboxes to what the configuration says; those that did not change stay connected.
    ///
    /// - Throws: what an adapter finds wrong with its settings; then nothing was changed.
    func apply(_ mailboxes: [MailboxConfiguration]) async throws {
        var made: [String: Mailbox] = [:]
        for mailbox in mailboxes where running[mailbox.name]?.configuration != mailbox {
            made[mailbox.name] = try make(mailbox)
        }
        let names = Set(mailboxes.map(\.name))
        for (name, old) in running where made[name] != nil || !names.contains(name) {
            old.task?.cancel()
            await old.task?.value
            running[name] = nil
            if made[name] == nil { await surroundings.exchange.uninstall(name) }
        }
        order = mailboxes.map(\.name)
        // Nothing was started until now: had one failed to be made, the others would run beside those they replace.
        for (name, mailbox) in made {
            running[name] = started(mailbox)
            await surroundings.exchange.install(
                name, adapter: mailbox.adapter, limits: mailbox.configuration.limits(mailbox.abilities))
        }
    }

    /// Stops receiving.
    func stop() async {
        for mailbox in running.values { mailbox.task?.cancel() }
        for mailbox in running.values { await mailbox.task?.value }
    }

    /// How the mailboxes are, in the order of the file.
    func statuses() async -> [MailboxStatus] {
        let outgoing = await surroundings.exchange.mailboxStatus()
        return order.compactMap { name in
            guard let mailbox = running[name] else { return nil }
            let (state, since) = mailbox.health.status
            return MailboxStatus(
                name: name, adapter: mailbox.configuration.adapter, abilities: mailbox.abilities, health: state,
                since: since.description, outgoing: mailbox.abilities.send ? outgoing[name] : nil)
        }
    }

    private func make(_ configuration: MailboxConfiguration) throws -> Mailbox {
        guard let type = registry[configuration.adapter] else {
            throw CommandError.input("mailbox \(configuration.name): no adapter named \"\(configuration.adapter)\"")
        }
        let logger = surroundings.logger.with(["mailbox": configuration.name])
        let health = HealthReport(clock: surroundings.clock)
        let context = AdapterContext(
            mailbox: configuration.name, router: surroundings.router, clock: surroundings.clock, logger: logger,
            client: surroundings.client, loops: surroundings.loops,
            state: SpoolStateStore(spool: surroundings.exchange.spool, mailbox: configuration.name),
            blobs: surroundings.blobs, acceptor: surroundings.exchange,
            lender: surroundings.exchange, health: health,
            identifiers: surroundings.identifiers)
        let adapter = try type.init(settings: configuration.settings, context: context)
        let supervisor = MailboxSupervisor(
            adapter: adapter, health: health, clock: surroundings.clock, logger: logger)
        return Mailbox(
            configuration: configuration, adapter: adapter, abilities: type.manifest.abilities,
            supervisor: supervisor, health: health)
    }

    private func started(_ mailbox: Mailbox) -> Mailbox {
        var mailbox = mailbox
        let supervisor = mailbox.supervisor
        mailbox.task = Task(executorPreference: surroundings.loops.next()) { await supervisor.run() }
        return mailbox
    }
}

extension MailboxConfiguration {
    /// What bounds the mailbox's deliveries: the operator's word, else the adapter's.
    fileprivate func limits(_ abilities: Abilities) -> MailboxLimits {
        MailboxLimits(
            concurrency: concurrency ?? abilities.mailboxParallelism,
            laneParallelism: min(abilities.laneParallelism, concurrency ?? .max),
            rate: rate.map { TokenBucket(rate: $0.count, per: $0.period) },
            retry: retry.policy(abilities), expires: expires, timeout: abilities.deliveryTimeout,
            laneRate: laneRate.map { TokenBucket(rate: $0.count, per: $0.period) },
            pausesMailbox: abilities.retryAfter == .mailbox)
    }
}

extension RetrySettings {
    /// The policy: the operator's word on what is to be held, else what the adapter says of its platform.
    func policy(_ abilities: Abilities) -> RetryPolicy {
        RetryPolicy(
            deferred: RetrySchedule(deferred), unknown: RetrySchedule(unknown), rejected: RetrySchedule(rejected),
            holdsUnknown: holdsUnknown ?? !abilities.deduplicates)
    }
}

extension RetrySchedule {
    fileprivate init(_ settings: RetrySettings.Schedule) {
        self.init(
            first: settings.first, factor: settings.factor, maximum: settings.maximum, jitter: settings.jitter,
            attempts: settings.attempts, until: settings.until)
    }
}
