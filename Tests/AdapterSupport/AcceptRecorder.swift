public import AdapterKit
import Messages
import Synchronization

/// Takes messages in the router's place, and keeps them for a test to look at.
///
/// It knows repetitions by their event keys, as the router does, and refuses everything while it has an error.
public final class AcceptRecorder: MessageAcceptor {
    private struct State {
        var arrivals: [Arrival] = []
        var seen: [String: (id: MessageID, fingerprint: [UInt8]?)] = [:]
        var error: AcceptError?
        var recipients: [Acceptance.Recipient] = []

        mutating func take(_ arrival: Arrival) -> Acceptance {
            if let key = arrival.eventKey, let first = seen[key] {
                return Acceptance(
                    id: first.id, recipients: [], isDuplicate: true,
                    hasSameFingerprint: first.fingerprint == arrival.fingerprint)
            }
            arrivals.append(arrival)
            if let key = arrival.eventKey { seen[key] = (arrival.envelope.id, arrival.fingerprint) }
            return Acceptance(id: arrival.envelope.id, recipients: recipients)
        }
    }

    private let state = Mutex(State())

    /// Creates a recorder that takes everything.
    public init() {}

    /// What was taken, without repetitions.
    public var arrivals: [Arrival] { state.withLock { $0.arrivals } }

    /// Refuses everything from now on, or takes it again.
    public func refuse(with error: AcceptError?) {
        state.withLock { $0.error = error }
    }

    /// Says of every message from now on that it goes here.
    public func route(to recipients: [Acceptance.Recipient]) {
        state.withLock { $0.recipients = recipients }
    }

    /// Takes one message.
    public func accept(_ arrival: Arrival) async throws(AcceptError) -> Acceptance {
        try await accept([arrival])[0]
    }

    /// Takes several messages.
    public func accept(_ arrivals: [Arrival]) async throws(AcceptError) -> [Acceptance] {
        try state.withLock { state throws(AcceptError) in
            if let error = state.error { throw error }
            return arrivals.map { state.take($0) }
        }
    }
}
