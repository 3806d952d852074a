import AdapterKit
import Crypto
import Engine
import Files
import Logging
import Messages
import Spooling
import TestSupport

/// One life of the router, from the opening of its spool to its end, whichever that is.
final class Life {
    let number: Int
    let clock: LifeClock
    let identifiers: MessageIDSource
    /// Whether it is still the router that the world talks to.
    private(set) var isAlive = true
    private(set) var exchange: Exchange?
    private(set) var spool: (any MessageSpool)?
    private var blobs: Spooling.BlobStore?
    /// How many attempts are under way, by mailbox and by recipient.
    var underWay: [String: Int] = [:]
    private let scheduler: JobScheduler
    private let logger: Logger
    private let seed: UInt64
    private let parts: Parts
    private var running: Task<Void, Never>?

    init(
        number: Int, seed: UInt64, timeline: Timeline, scheduler: JobScheduler, sink: any LogSink, parts: Parts
    ) {
        self.number = number
        self.parts = parts
        self.seed = seed &+ UInt64(number) &* 0x1_0001
        self.scheduler = scheduler
        clock = LifeClock(timeline)
        identifiers = MessageIDSource(clock: clock, random: SeededRandom(seed: self.seed ^ 0xA1))
        logger = Logger(level: .info, sink: sink)
    }

    /// A mailbox of the router.
    struct Installation {
        let name: String
        let adapter: any Adapter
        let limits: MailboxLimits
    }

    /// What a router is made of.
    struct Parts {
        let disk: any SimulatedDisk
        let limit: Int64?
        let memory: LaneMemoryLimits
        let routing: RoutingState
        let mutation: Mutation?
        let adapters: (Life) -> [Installation]
        /// Whether the disk fails now.
        let isDiskFailing: () -> Bool
        /// Is called when the life cannot begin, as with a disk that fails.
        let failed: (Life, SpoolError) -> Void
        /// Is called when an operator has stopped it.
        let stopped: (Life) -> Void
    }

    /// Opens the spool and starts everything.
    func start() {
        let confined = Confined(self)
        running = Task {
            let life = confined.value
            do throws(SpoolError) {
                try await life.live()
            } catch {
                if life.isAlive { life.parts.failed(life, error) }
            }
        }
    }

    private func live() async throws(SpoolError) {
        let opened = try await SQLiteSpool(
            folder: parts.disk.folder, limit: parts.limit, clock: clock, logger: logger, files: parts.disk.files,
            threads: scheduler)
        let spool: any MessageSpool = parts.mutation?.spool(over: opened, seed: seed) ?? opened
        let loop = SimulatedExecutor(scheduler)
        let exchange = Exchange(
            routing: parts.routing, spool: spool, clock: clock, identifiers: identifiers,
            random: SeededRandom(seed: seed ^ 0xB2), logger: logger, executor: loop,
            deliveryExecutors: [SimulatedPool(scheduler), SimulatedPool(scheduler)], memory: parts.memory)
        do {
            try await exchange.prepare()
            for mailbox in parts.adapters(self) {
                await exchange.install(mailbox.name, adapter: mailbox.adapter, limits: mailbox.limits)
            }
            blobs = opened.blobs
            self.spool = spool
            self.exchange = exchange
            try await exchange.run()
        } catch {
            self.exchange = nil
            await spool.close()
            throw error as? SpoolError ?? .disk(detail: "\(error)")
        }
    }

    /// Ends the life as an operator would.
    func stop() {
        let confined = Confined(self)
        Task {
            let life = confined.value
            await life.exchange?.stop(within: .seconds(5))
            life.running?.cancel()
            await life.spool?.close()
            await life.running?.value
            guard life.isAlive else { return }
            life.isAlive = false
            life.letGo()
            life.parts.stopped(life)
        }
    }

    /// Ends the life at once: nothing of it reaches the world any more.
    func die() {
        isAlive = false
        clock.end()
        running?.cancel()
        let confined = Confined(self)
        // Only so that what it holds is let go of; its disk was taken away before.
        Task {
            await confined.value.exchange?.stop(within: .zero)
            await confined.value.spool?.close()
            confined.value.letGo()
        }
    }

    /// The adapters of an exchange know the life they are of.
    private func letGo() {
        exchange = nil
        spool = nil
        blobs = nil
    }

    // MARK: Files

    /// Keeps a file.
    func store(_ bytes: [UInt8]) async throws(SpoolError) -> BlobReference {
        guard let blobs else { throw .closed }
        guard parts.mutation == .storesBlobsLate, let digest = try? SHA256.digest(of: bytes).hex,
            let reference = try? BlobReference(digest: digest, size: bytes.count)
        else { return try await blobs.store(bytes) }
        Task { [clock] in
            try await clock.sleep(for: .seconds(1))
            _ = try await blobs.store(bytes)
        }
        return reference
    }

    /// Whether all files of a message can be read; a disk that fails just now is excused.
    func canReadBlobs(of envelope: Envelope) async -> Bool {
        for part in envelope.parts {
            guard case .blob(let reference) = part.content, let blobs else { continue }
            do throws(SpoolError) {
                _ = try await blobs.read(reference)
            } catch {
                if case .closed = error { return true }
                return !isAlive || parts.isDiskFailing()
            }
        }
        return true
    }
}
