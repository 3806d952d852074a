import AdapterKit
import Clocks
import Configuration
import Files
import Logging
import Messages
import Routing
import Spooling
import Synchronization
import TestSupport
import Testing
import Transport

@testable import Engine

/// A whole exchange with a real spool in a folder of its own, a clock moved by hand, and adapters that do as told.
struct ExchangeFixture {
    let clock: ManualClock
    let log: LogRecorder
    let spool: SQLiteSpool
    /// The spool as the exchange sees it: it fails when a test says so.
    let failing: FailingSpool
    let exchange: Exchange
    let loop: EventLoop
    let identifiers: MessageIDSource
    private let running: Task<Void, any Error>

    /// Runs a test in an exchange with the mailboxes `api` (receives), `hook` (sends) and `local` (sends).
    static func run(
        routes: String, hook: ScriptedAdapter, local: ScriptedAdapter = ScriptedAdapter(),
        limits: MailboxLimits = MailboxLimits(laneParallelism: 4, retry: RetrySchedule(jitter: 0)),
        _ body: (ExchangeFixture) async throws -> Void
    ) async throws {
        try await withTemporaryFolder { folder in
            let fixture = try await ExchangeFixture(folder: folder, routes: routes)
            await fixture.exchange.install("hook", adapter: hook, limits: limits)
            await fixture.exchange.install("local", adapter: local, limits: limits)
            do {
                try await body(fixture)
            } catch {
                await fixture.stop()
                throw error
            }
            await fixture.stop()
        }
    }

    init(folder: String, routes: String, clock: ManualClock = ManualClock()) async throws {
        let log = LogRecorder()
        let logger = Logger(level: .debug, sink: log)
        self.clock = clock
        self.log = log
        loop = try EventLoop.start(name: "exchange")
        spool = try await SQLiteSpool(folder: FilePath(folder), clock: clock, logger: logger)
        identifiers = MessageIDSource(clock: clock, random: SeededRandom(seed: 1))
        failing = FailingSpool(spool)
        let exchange = Exchange(
            routing: try Self.routing(routes), spool: failing, clock: clock, identifiers: identifiers,
            random: SeededRandom(seed: 2), logger: logger, executor: loop, deliveryExecutors: [loop])
        self.exchange = exchange
        running = Task { try await exchange.run() }
    }

    func stop() async {
        failing.heal()
        // What waits to be made again is waited for.
        let time = Task {
            while !Task.isCancelled {
                clock.advance(by: .seconds(1))
                try await loop.sleep(for: .milliseconds(10))
            }
        }
        running.cancel()
        _ = await running.result
        await exchange.stop(within: .seconds(10))
        time.cancel()
        _ = await time.result
        await spool.close()
        await loop.stop()
    }

    /// Accepts a message from `api:ci`, and returns what became of it.
    @discardableResult
    func accept(
        _ text: String = "hello", class: String = "test", eventKey: String? = nil,
        _ change: (inout Envelope) -> Void = { _ in }
    ) async throws -> Acceptance {
        var envelope = Envelope(
            id: identifiers.next(), time: clock.now, from: try Address(parsing: "api:ci"),
            topic: try Topic(source: "api", class: `class`), subject: "subject", parts: [.text(text)])
        change(&envelope)
        return try await exchange.accept(Arrival(envelope: envelope, eventKey: eventKey))
    }

    /// The one dispatch of a message, once it is in this state after at least so many attempts.
    func dispatch(
        of id: MessageID, in state: DispatchState, attempts: Int = 0
    ) async throws -> DispatchTrace {
        try await eventually {
            let trace = try #require(try await spool.trace(of: id))
            return trace.dispatches.first { $0.summary.state == state && $0.summary.attempts >= attempts }
        }
    }

    /// Asks until there is an answer, with the loop's turns as the pace; fails after about ten seconds.
    func eventually<Value>(_ ask: () async throws -> Value?) async throws -> Value {
        for _ in 0..<10_000 {
            if let value = try await ask() { return value }
            try await loop.sleep(for: .milliseconds(1))
        }
        throw NeverHappened()
    }

    struct NeverHappened: Error {}

    private static func routing(_ routes: String) throws -> RoutingState {
        let text = """
            router: {name: test.example}
            mailboxes: {api: {adapter: in}, hook: {adapter: out}, local: {adapter: out}}
            routes: \(routes)
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
        let table = try #require(configuration?.table, "\(diagnostics)")
        return RoutingState(
            table: table, router: "test.example", postmaster: try Address(parsing: "local:postmaster"),
            mailboxes: ["api": false, "hook": true, "local": true])
    }

    private struct OneFile: ConfigurationDisk {
        let text: String
        func read(_ path: String, limit: Int) -> [UInt8] { Array(text.utf8) }
        func paths(matching pattern: String) -> [String] { [] }
    }
}

/// An adapter that answers each attempt with the next receipt of a script, `delivered` when there is none left.
final class ScriptedAdapter: Adapter {
    static let manifest = AdapterManifest.embedded(Array("{name: scripted, summary: For tests.}".utf8))

    private struct State {
        var receipts: [Receipt]
        var delivered: [Dispatch] = []
        var gates: [CheckedContinuation<Void, Never>] = []
        var isGated: Bool
    }

    private let state: Mutex<State>

    init(_ receipts: [Receipt] = [], isGated: Bool = false) {
        state = Mutex(State(receipts: receipts, isGated: isGated))
    }

    init(settings: SettingsObject, context: AdapterContext) throws {
        state = Mutex(State(receipts: [], isGated: false))
    }

    /// Every dispatch that was handed over, in order.
    var dispatches: [Dispatch] { state.withLock { $0.delivered } }

    /// The texts that were handed over, in order.
    var texts: [String] { dispatches.map(\.envelope.text) }

    /// Lets attempts that wait end, and later ones too.
    func open() {
        let gates = state.withLock { state in
            defer { state.gates = [] }
            state.isGated = false
            return state.gates
        }
        for gate in gates { gate.resume() }
    }

    func deliver(_ dispatch: Dispatch) async throws -> Receipt {
        let receipt = state.withLock { state in
            state.delivered.append(dispatch)
            return state.receipts.isEmpty ? Receipt.delivered : state.receipts.removeFirst()
        }
        await withCheckedContinuation { continuation in
            let isOpen = state.withLock { state in
                if state.isGated { state.gates.append(continuation) }
                return !state.isGated
            }
            if isOpen { continuation.resume() }
        }
        return receipt
    }
}
