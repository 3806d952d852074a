import AdapterKit
import Configuration
import Feed
import Logging
import Messages
import TestSupport
import Testing
import Transport

/// A mailbox of feeds on a clock that stands still, with a web server, a store and a router of its own.
struct FeedMailbox {
    static let start = CivilDate(year: 2024, month: 1, day: 7, hour: 10).timestamp

    let clock = ManualClock(now: FeedMailbox.start)
    let server = FeedServer()
    let store = MemoryStore()
    let router = AcceptRecorder()
    let log = LogRecorder()
    let health: HealthReport
    let group: EventLoopGroup
    let client: HTTPClient
    let origin: String

    fileprivate init(group: EventLoopGroup, client: HTTPClient, origin: String) {
        self.group = group
        self.client = client
        self.origin = origin
        health = HealthReport(clock: clock)
    }

    /// Makes the adapter of settings in YAML, in which `ORIGIN` stands for the server.
    func adapter(_ yaml: String, file: String = "routes.yaml") throws -> FeedAdapter {
        var diagnostics = Diagnostics()
        let text = yaml.replacing("ORIGIN", with: origin)
        let node = try #require(YAMLNode.parse(Array(text.utf8), file: file, diagnostics: &diagnostics))
        let settings = FeedAdapter.manifest.settings.decode(node, diagnostics: &diagnostics)
        try #require(!diagnostics.hasErrors, "\(diagnostics)")
        let context = AdapterContext(
            mailbox: "news", router: "test.example", clock: clock, logger: Logger(level: .debug, sink: log),
            client: client,
            loops: group, state: store, blobs: NoBlobs(), acceptor: router, lender: NoLender(), health: health,
            identifiers: MessageIDSource(clock: clock, random: SeededRandom(seed: 1)))
        return try FeedAdapter(settings: settings, context: context)
    }

    /// Runs an adapter while the body runs, from its first sleep on.
    func run(_ yaml: String, file: String = "routes.yaml", _ body: (FeedAdapter) async throws -> Void) async throws {
        let adapter = try adapter(yaml, file: file)
        let running = Task { try await adapter.run() }
        await clock.waitForSleepers()
        do {
            try await body(adapter)
        } catch {
            running.cancel()
            _ = await running.result
            throw error
        }
        running.cancel()
        _ = await running.result
    }

    /// Lets time pass, and returns when the feed sleeps again.
    func pass(_ duration: Duration) async {
        clock.advance(by: duration)
        await clock.waitForSleepers()
    }

    /// Lets time pass until the first poll is over.
    func passFirst() async { await pass(.seconds(10)) }

    /// The messages of at least a warning.
    var warnings: [String] { log.events.filter { $0.level >= .warning }.map(\.name) }
}

/// Runs a test with a mailbox, and ends everything afterwards.
func withMailbox(_ body: (FeedMailbox) async throws -> Void) async throws {
    let group = try EventLoopGroup(count: 1, name: "test")
    let client = HTTPClient(group: group)
    let logger = Logger(sink: LogRecorder())
    let listener = try await Listener.bind(
        to: .ip(.v4(0x7F00_0001), port: 0), on: group, options: ListenerOptions(), logger: logger)
    let mailbox = FeedMailbox(group: group, client: client, origin: "http://\(listener.localAddress)")
    let server = HTTPServer(logger: logger, handler: mailbox.server)
    async let serving: Void = server.run(on: listener)
    let outcome: Result<Void, any Error>
    do {
        outcome = .success(try await body(mailbox))
    } catch {
        outcome = .failure(error)
    }
    client.shutdown()
    await listener.shutdown(within: .zero)
    await serving
    await group.stop()
    try outcome.get()
}

private struct NoLender: DispatchLender {
    func lease(
        from recipient: Address, _ terms: LeaseTerms, waiting wait: Duration
    ) async throws(LeaseError) -> [LeasedDispatch] { [] }

    func settle(
        _ leases: [Lease], of recipient: Address, as ending: LeaseEnding
    ) async throws(LeaseError) -> [Bool] { leases.map { _ in false } }
}
