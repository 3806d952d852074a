import AdapterKit
import Messages
import Synchronization

/// A state store in memory, which can be told to fail.
final class MemoryStore: StateStore {
    struct Full: Error {}

    private let values = Mutex<[String: [UInt8]]>([:])
    private let failures = Mutex(0)

    /// Lets the next writes fail.
    func failNext(_ count: Int = 1) { failures.withLock { $0 = count } }

    var keys: [String] { values.withLock { $0.keys.sorted() } }

    func value(for key: String) async throws -> [UInt8]? { values.withLock { $0[key] } }

    func entries(prefix: String, after: String?, limit: Int) async throws -> [(key: String, value: [UInt8])] {
        values.withLock { values in
            let found = values.filter { $0.key.hasPrefix(prefix) && $0.key > after ?? "" }.sorted { $0.key < $1.key }
            return found.prefix(limit).map { ($0.key, $0.value) }
        }
    }

    func set(_ changes: [(key: String, value: [UInt8]?)]) async throws {
        let fails = failures.withLock { failures in
            defer { failures = max(0, failures - 1) }
            return failures > 0
        }
        guard !fails else { throw Full() }
        values.withLock { values in
            for (key, value) in changes { values[key] = value }
        }
    }
}

/// No blobs.
struct NoBlobs: BlobStore {
    struct Unused: Error {}

    func store(_ bytes: [UInt8]) async throws -> BlobReference { throw Unused() }
    func read(_ blob: BlobReference) async throws -> [UInt8] { throw Unused() }
}

/// A router that keeps what it accepts, knows event keys, and can be told not to take anything.
final class AcceptRecorder: MessageAcceptor {
    private struct State {
        var arrivals: [Arrival] = []
        var keys: Set<String> = []
        var errors: [AcceptError] = []
        var attempts = 0
    }

    private let state = Mutex(State())

    /// Lets the next calls fail, one error each.
    func failNext(_ errors: AcceptError...) { state.withLock { $0.errors = errors } }

    /// What was accepted and not a duplicate.
    var arrivals: [Arrival] { state.withLock { $0.arrivals } }
    var subjects: [String] { arrivals.map { $0.envelope.subject ?? "" } }
    var attempts: Int { state.withLock { $0.attempts } }

    func accept(_ arrival: Arrival) async throws(AcceptError) -> Acceptance {
        let result = state.withLock { state -> Result<Acceptance, AcceptError> in
            state.attempts += 1
            if !state.errors.isEmpty { return .failure(state.errors.removeFirst()) }
            let isNew = arrival.eventKey.map { state.keys.insert($0).inserted } ?? true
            if isNew { state.arrivals.append(arrival) }
            return .success(Acceptance(id: arrival.envelope.id, recipients: [], isDuplicate: !isNew))
        }
        return try result.get()
    }

    func accept(_ arrivals: [Arrival]) async throws(AcceptError) -> [Acceptance] {
        var acceptances: [Acceptance] = []
        for arrival in arrivals { acceptances.append(try await accept(arrival)) }
        return acceptances
    }
}
