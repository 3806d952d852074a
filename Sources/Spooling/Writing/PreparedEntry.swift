import Crypto
import Messages

/// An entry as the tables take it: made on the caller's thread, so that the one writing thread only writes.
struct PreparedEntry: Sendable {
    let entry: SpoolEntry
    let id: [UInt8]
    let topic: String
    let sender: String
    let parent: [UInt8]?
    let envelope: [UInt8]
    let blobs: [SHA256Digest]
    let dispatches: [PreparedDispatch]

    /// Prepares an entry.
    ///
    /// - Throws: ``SpoolError/full(detail:)`` when it has more dispatches than there are numbers for.
    init(_ entry: SpoolEntry) throws(SpoolError) {
        guard entry.dispatches.count <= SpoolEntry.maximumDispatches else {
            throw .full(
                detail: "a message to \(entry.dispatches.count) recipients, more than \(SpoolEntry.maximumDispatches)")
        }
        self.entry = entry
        let envelope = entry.envelope
        id = envelope.id.bytes
        topic = envelope.topic.description
        sender = envelope.from.description
        parent = envelope.parent?.bytes
        self.envelope = envelope.encoded()
        var blobs = Set(Self.blobs(of: envelope))
        for draft in entry.dispatches { blobs.formUnion(draft.envelope.map(Self.blobs) ?? []) }
        self.blobs = Array(blobs)
        dispatches = entry.dispatches.map { PreparedDispatch($0, of: envelope) }
    }

    /// The blobs that an envelope refers to.
    static func blobs(of envelope: Envelope) -> [SHA256Digest] {
        envelope.parts.compactMap { part in
            if case .blob(let reference) = part.content { SHA256Digest(hex: reference.digest) } else { nil }
        }
    }
}

/// A settlement as the tables take it.
struct PreparedSettlement: Sendable {
    let settlement: Settlement
    let bounce: PreparedEntry?

    /// Prepares a settlement.
    ///
    /// - Throws: As ``PreparedEntry/init(_:)``, for a bounce to too many.
    init(_ settlement: Settlement) throws(SpoolError) {
        self.settlement = settlement
        if case .dead(_, let entry?) = settlement.outcome {
            bounce = try PreparedEntry(entry)
        } else {
            bounce = nil
        }
    }
}

/// A dispatch as the tables take it.
struct PreparedDispatch: Sendable {
    let draft: DispatchDraft
    let recipient: String
    let thread: Int64?
    let priority: Priority
    let expires: Timestamp?
    let envelope: [UInt8]?
    let steps: String?

    init(_ draft: DispatchDraft, of envelope: Envelope) {
        self.draft = draft
        recipient = draft.recipient.description
        let final = draft.envelope ?? envelope
        thread = final.thread.map(Self.number(ofThread:))
        priority = draft.priority ?? final.priority
        expires = draft.expires ?? final.expires
        self.envelope = draft.envelope?.encoded()
        steps = draft.steps.isEmpty ? nil : StepNotes.encode(draft.steps)
    }

    /// A number for a thread's name (FNV-1a, 64 bits).
    ///
    /// Two threads that share one wait for each other, which is rare
    /// and harmless.
    private static func number(ofThread name: String) -> Int64 {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for byte in name.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
        return Int64(bitPattern: hash)
    }
}
