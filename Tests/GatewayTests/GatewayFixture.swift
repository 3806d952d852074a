import AdapterKit
import Clocks
import Configuration
import Files
import Gateway
import Logging
import Messages
import Routing
import Spooling
import TestSupport
import Testing
import Transport

@testable import Engine

/// The control API of a real exchange with a real spool, behind a real server on a port and on a Unix socket.
///
/// What is posted by `api:ci` goes to `hook:crm`, which does as `HookAdapter` is told; `local` takes everything.
struct GatewayFixture: Sendable {
    let clock: ManualClock
    let log: LogRecorder
    let spool: SQLiteSpool
    let exchange: Exchange
    let hook: HookAdapter
    let readers: ControlAPI.MetricsReaders
    let loops: EventLoopGroup
    let client: HTTPClient
    private let identifiers: MessageIDSource
    let listeners: [Listener]

    /// Runs a test.
    static func run(
        hook: HookAdapter = HookAdapter(), readers: ControlAPI.MetricsReaders = .operators,
        _ body: @escaping @Sendable (GatewayFixture) async throws -> Void
    ) async throws {
        try await withTemporaryFolder { folder in
            let fixture = try await GatewayFixture(folder: folder, hook: hook, readers: readers)
            let result: Result<Void, any Error>
            let running = Task { try await fixture.run() }
            do {
                result = .success(try await body(fixture))
            } catch {
                result = .failure(error)
            }
            await fixture.stop()
            running.cancel()
            _ = await running.result
            fixture.client.shutdown()
            await fixture.spool.close()
            await fixture.loops.stop()
            try result.get()
        }
    }

    private init(folder: String, hook: HookAdapter, readers: ControlAPI.MetricsReaders) async throws {
        clock = ManualClock()
        log = LogRecorder()
        self.hook = hook
        self.readers = readers
        let logger = Logger(level: .debug, sink: log)
        loops = try EventLoopGroup(count: 1, name: "gateway")
        client = HTTPClient(group: loops)
        spool = try await SQLiteSpool(folder: FilePath(folder), clock: clock, logger: logger)
        identifiers = MessageIDSource(clock: clock, random: SeededRandom(seed: 1))
        exchange = Exchange(
            routing: try Self.routing(), spool: spool, clock: clock, identifiers: identifiers,
            random: SeededRandom(seed: 2), logger: logger, executor: loops.loops[0])
        // As the router does, before anybody can ask for anything.
        try await exchange.prepare()
        let limits = MailboxLimits(retry: RetrySchedule(jitter: 0))
        await exchange.install("hook", adapter: hook, limits: limits)
        await exchange.install("local", adapter: HookAdapter(), limits: limits)
        listeners = [
            try await Listener.bind(to: SocketAddress("127.0.0.1:0"), on: loops, logger: logger),
            try await Listener.bind(to: SocketAddress("unix:\(folder)/control.sock"), on: loops, logger: logger),
        ]
    }

    private func run() async throws {
        let control = ControlAPI(exchange: exchange, spool: spool, status: StandingStatus(), readers: readers)
        let router = HTTPRouter(try control.routes())
        let server = HTTPServer(logger: Logger(level: .debug, sink: log), handler: router)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for listener in listeners { group.addTask { await server.run(on: listener) } }
            group.addTask { try await exchange.run() }
            try await group.waitForAll()
        }
    }

    private func stop() async {
        for listener in listeners { await listener.shutdown(within: .seconds(1)) }
        await exchange.stop(within: .seconds(1))
    }

    private static func routing() throws -> RoutingState {
        let text = """
            router: {name: test.example}
            mailboxes: {api: {adapter: in}, hook: {adapter: out}, local: {adapter: out}}
            routes: [{name: all, match: "api:**", to: "hook:crm"}]
            """
        let loader = ConfigurationLoader(
            environment: [:], disk: OneFile(text: text), topLevelKeys: RouterConfiguration.topLevelKeys)
        let (configuration, diagnostics) = RouterConfiguration.load(
            "routes.yaml", loader: loader,
            adapters: [
                AdapterDescription(name: "in", canReceive: true, canSend: false),
                AdapterDescription(name: "out", canReceive: true, canSend: true),
                AdapterDescription(name: "inbox", canReceive: true, canSend: true),
            ], hostName: "test.example")
        return RoutingState(
            table: try #require(configuration?.table, "\(diagnostics)"), router: "test.example",
            postmaster: try Address(parsing: "local:postmaster"),
            mailboxes: ["api": false, "hook": true, "local": true])
    }

    private struct OneFile: ConfigurationDisk {
        let text: String
        func read(_ path: String, limit: Int) -> [UInt8] { Array(text.utf8) }
        func paths(matching pattern: String) -> [String] { [] }
    }
}

// MARK: - What tests do with it

extension GatewayFixture {
    /// A way to the API.
    enum Way: String, Sendable, CaseIterable {
        case port
        case socket
    }

    /// Sends a request, by the socket unless told otherwise.
    func send(
        _ method: HTTPMethod, _ path: String, _ body: String? = nil, by way: Way = .socket,
        headers: HTTPFields = HTTPFields()
    ) async throws -> HTTPClientResponse {
        let port = try #require(listeners[0].localAddress.port)
        var request = HTTPClientRequest(
            method, "http://127.0.0.1:\(port)\(path)", headers: headers, body: Array((body ?? "").utf8),
            timeout: .seconds(20), privateAddresses: .allowed)
        if body != nil { request.headers["Content-Type"] = "application/json" }
        if way == .socket, case .unix(path: let socket) = listeners[1].localAddress { request.unixSocketPath = socket }
        return try await client.send(request)
    }

    /// The answer to a request by the socket that must be good.
    func json(_ method: HTTPMethod, _ path: String, _ body: String? = nil) async throws -> JSON {
        let response = try await send(method, path, body)
        try #require(response.status.isSuccess, "\(response.text)")
        return try JSON(parsing: response.body)
    }

    /// Accepts a message from `api:ci` to `hook:crm`, and returns its id.
    @discardableResult
    func accept(_ subject: String = "Hello") async throws -> MessageID {
        let envelope = Envelope(
            id: identifiers.next(), time: clock.now, from: try Address(parsing: "api:ci"),
            topic: try Topic(source: "api", class: "test"), subject: subject, parts: [.text("Words")])
        return try await exchange.accept(Arrival(envelope: envelope)).id
    }

    /// Waits until the spool has so many dispatches of these words.
    func await(
        _ filter: String, count: Int = 1, sourceLocation: SourceLocation = #_sourceLocation
    ) async throws {
        let wanted = try DispatchFilter(parsing: filter, now: clock.now)
        for _ in 0..<10_000 {
            if try await spool.list(wanted, before: nil, limit: 100).count == count { return }
            try await loops.loops[0].sleep(for: .milliseconds(1))
        }
        Issue.record(
            "there never were \(count) dispatches with \(filter)", sourceLocation: sourceLocation)
    }
}

extension HTTPClientResponse {
    /// The body as text.
    var text: String { String(decoding: body, as: UTF8.self) }

    /// What a problem says.
    var detail: String { (try? JSON(parsing: body))?["detail"]?.string ?? "" }
}
