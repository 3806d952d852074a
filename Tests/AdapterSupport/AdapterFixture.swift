public import AdapterKit
import Configuration
import Logging
public import Messages
public import TestSupport
public import Transport

/// What an adapter is given, made for a test: a clock that stands, stores in memory, a recorder for what comes in.
public struct AdapterFixture: Sendable {
    /// The clock, at 2023-11-14T22:13:20Z until a test moves it.
    public let clock = ManualClock()
    /// What was logged.
    public let log = LogRecorder()
    /// What came in.
    public let acceptor = AcceptRecorder()
    /// What programs take.
    public let lender = MemoryLender()
    /// What the mailbox remembers; a second adapter on the same fixture is one after a restart.
    public let state = MemoryStateStore()
    /// Large parts.
    public let blobs = MemoryBlobStore()
    /// How the mailbox is.
    public let health: HealthReport
    /// The loops.
    public let loops: EventLoopGroup
    /// A real HTTP client.
    public let client: HTTPClient
    /// The name of the mailbox.
    public let mailbox: String

    init(mailbox: String, loops: EventLoopGroup) {
        self.mailbox = mailbox
        self.loops = loops
        client = HTTPClient(group: loops)
        health = HealthReport(clock: clock)
    }

    /// The context of the adapter, or of another mailbox beside it.
    public func context(mailbox: String? = nil) -> AdapterContext {
        AdapterContext(
            mailbox: mailbox ?? self.mailbox, router: "hq.example", clock: clock,
            logger: Logger(level: .debug, sink: log).with(["mailbox": mailbox ?? self.mailbox]), client: client,
            loops: loops, state: state, blobs: blobs, acceptor: acceptor, lender: lender,
            health: health,
            identifiers: MessageIDSource(clock: clock, random: SeededRandom(seed: 1)))
    }

    /// Makes an adapter with the settings of this YAML.
    ///
    /// - Throws: `AdapterError.badSettings` with everything that is wrong.
    public func adapter<Made: Adapter>(_ type: Made.Type, _ yaml: String, mailbox: String? = nil) throws -> Made {
        var diagnostics = Diagnostics()
        let node = YAMLNode.parse(yaml, file: "routes.yaml", diagnostics: &diagnostics)
        let settings = node.map { Made.manifest.settings.decode($0, diagnostics: &diagnostics) }
        guard let settings, !diagnostics.hasErrors else { throw AdapterError.badSettings(diagnostics.all) }
        return try Made(settings: settings, context: context(mailbox: mailbox))
    }

    /// A dispatch of a text to an address of the mailbox.
    public func dispatch(
        to user: String, text: String = "hello", parts: [Part]? = nil, number: Int64 = 4_096, attempt: Int = 1
    ) throws -> Dispatch {
        var envelope = Envelope(
            id: MessageID(high: 0x018B_CFE5_6800_7000, low: 0x8000_0000_0000_0000 | UInt64(number)), time: clock.now,
            from: try Address(platform: "mail", user: "ann@example.org"),
            topic: try Topic(source: "mail", class: "support"), parts: parts ?? [.text(text)])
        envelope.subject = "Greetings"
        return Dispatch(
            number: number, envelope: envelope, recipient: try Address(platform: mailbox, user: user),
            idempotencyKey: "\(envelope.id)-\(number)", attempt: attempt)
    }
}

/// Runs a test with a fixture, and stops its loops afterwards.
public func withAdapterFixture<Result>(
    mailbox: String, _ body: (AdapterFixture) async throws -> Result
) async throws -> Result {
    let loops = try EventLoopGroup(count: 1, name: "test")
    let fixture = AdapterFixture(mailbox: mailbox, loops: loops)
    do {
        let result = try await body(fixture)
        fixture.client.shutdown()
        await loops.stop()
        return result
    } catch {
        fixture.client.shutdown()
        await loops.stop()
        throw error
    }
}

/// Serves these endpoints on a free port of 127.0.0.1 while the body runs, which is given the URL up to the path.
public func withServer<Result: Sendable>(
    _ endpoints: [HTTPRoute], on fixture: AdapterFixture, _ body: @Sendable (String) async throws -> Result
) async throws -> Result {
    let logger = Logger(level: .debug, sink: fixture.log)
    let listener = try await Listener.bind(to: SocketAddress("127.0.0.1:0"), on: fixture.loops, logger: logger)
    let server = HTTPServer(logger: logger, handler: HTTPRouter(endpoints))
    return try await withThrowingTaskGroup(of: Void.self) { tasks in
        tasks.addTask { await server.run(on: listener) }
        do {
            let result = try await body("http://\(listener.localAddress)")
            await listener.shutdown(within: .seconds(1))
            return result
        } catch {
            await listener.shutdown(within: .zero)
            throw error
        }
    }
}
