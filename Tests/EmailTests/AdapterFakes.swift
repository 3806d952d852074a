import AdapterKit
import Clocks
import Configuration
import Crypto
import Logging
import Messages
import Synchronization
import TestSupport
import Transport

@testable import Email

/// Takes messages, or refuses them, and remembers what it was given.
final class AcceptRecorder: MessageAcceptor {
    private struct State {
        var arrivals: [Arrival] = []
        var keys: Set<String> = []
        var refusal: AcceptError?
    }

    private let state = Mutex(State())

    var arrivals: [Arrival] { state.withLock { $0.arrivals } }

    func refuse(_ error: AcceptError?) {
        state.withLock { $0.refusal = error }
    }

    func accept(_ arrival: Arrival) async throws(AcceptError) -> Acceptance {
        try await accept([arrival])[0]
    }

    func accept(_ arrivals: [Arrival]) async throws(AcceptError) -> [Acceptance] {
        if let refusal = state.withLock({ $0.refusal }) { throw refusal }
        return state.withLock { state in
            arrivals.map { arrival in
                let isNew = state.keys.insert(arrival.eventKey ?? "").inserted
                if isNew { state.arrivals.append(arrival) }
                return Acceptance(id: arrival.envelope.id, recipients: [], isDuplicate: !isNew)
            }
        }
    }
}

/// Blobs in memory.
final class MemoryBlobs: BlobStore {
    struct Missing: Error {}

    private let blobs = Mutex<[String: [UInt8]]>([:])

    var count: Int { blobs.withLock { $0.count } }

    func store(_ bytes: [UInt8]) async throws -> BlobReference {
        let digest = try SHA256.digest(of: bytes).hex
        blobs.withLock { $0[digest] = bytes }
        return try BlobReference(digest: digest, size: bytes.count)
    }

    func read(_ blob: BlobReference) async throws -> [UInt8] {
        guard let bytes = blobs.withLock({ $0[blob.digest] }) else { throw Missing() }
        return bytes
    }
}

/// A mailbox remembers nothing here.
struct NoState: StateStore {
    func value(for key: String) async throws -> [UInt8]? { nil }
    func entries(prefix: String, after: String?, limit: Int) async throws -> [(key: String, value: [UInt8])] { [] }
    func set(_ changes: [(key: String, value: [UInt8]?)]) async throws {}
}

/// What an adapter needs around it, on loops of its own.
struct Surroundings {
    let loops: EventLoopGroup
    let client: HTTPClient
    let acceptor = AcceptRecorder()
    let blobs = MemoryBlobs()
    let log = LogRecorder()
    let clock = ManualClock(now: Timestamp(seconds: 1_704_207_845))
    let health: HealthReport

    var logger: Logger { Logger(level: .debug, sink: log) }

    func adapter(_ yaml: String, mailbox: String = "mail", router: String = "hq.example") throws -> EmailAdapter {
        let context = AdapterContext(
            mailbox: mailbox, router: router, clock: clock, logger: logger, client: client, loops: loops,
            state: NoState(),
            blobs: blobs, acceptor: acceptor, lender: NoLender(), health: health,
            identifiers: MessageIDSource(clock: clock, random: SeededRandom(seed: 1)))
        return try EmailAdapter(settings: settings(yaml), context: context)
    }

    /// Runs the body and stops the loops after it.
    static func with<Result>(_ body: (Surroundings) async throws -> Result) async throws -> Result {
        let loops = try EventLoopGroup(count: 1)
        let client = HTTPClient(group: loops)
        let surroundings = Surroundings(loops: loops, client: client)
        do {
            let result = try await body(surroundings)
            client.shutdown()
            await loops.stop()
            return result
        } catch {
            client.shutdown()
            await loops.stop()
            throw error
        }
    }

    private init(loops: EventLoopGroup, client: HTTPClient) {
        self.loops = loops
        self.client = client
        health = HealthReport(clock: clock)
    }
}

/// Why settings of a test are wrong.
struct BadSettings: Error {
    let diagnostics: [Diagnostic]
}

/// Settings of an e-mail mailbox, as they would stand in routes.yaml.
func settings(_ yaml: String) throws -> SettingsObject {
    var diagnostics = Diagnostics()
    guard let node = YAMLNode.parse(Array(yaml.utf8), file: "routes.yaml", diagnostics: &diagnostics) else {
        throw BadSettings(diagnostics: diagnostics.all)
    }
    let settings = EmailAdapter.manifest.settings.decode(node, diagnostics: &diagnostics)
    guard !diagnostics.hasErrors else { throw BadSettings(diagnostics: diagnostics.all) }
    return settings
}

private struct NoLender: DispatchLender {
    func lease(
        from recipient: Address, _ terms: LeaseTerms, waiting wait: Duration
    ) async throws(LeaseError) -> [LeasedDispatch] { [] }

    func settle(
        _ leases: [Lease], of recipient: Address, as ending: LeaseEnding
    ) async throws(LeaseError) -> [Bool] { leases.map { _ in false } }
}
