import AdapterKit
import Messages
import Routing
import Spooling
import Stages

/// The way from an arrival to an entry of the spool, without I/O: guards, routing, first stages.
struct Admission {
    let state: RoutingState
    let now: Timestamp

    /// The most characters that a trace tells of who handed a message in.
    private static let maximumClient = 256

    /// Checks the arrival and plans its dispatches; `origin` is the delivered message that it answers, if any.
    ///
    /// - Throws: ``AcceptError/refused(reason:)``
    func entry(for arrival: Arrival, answering origin: RemoteOrigin?) throws(AcceptError) -> SpoolEntry {
        var envelope = arrival.envelope
        try check(envelope)
        envelope.received.append(Hop(router: state.router, time: now, by: envelope.topic.source))
        var reply: Address?
        if let origin, origin.wasDelivered {
            envelope.inReplyTo = origin.message.description
            envelope.thread = origin.thread ?? envelope.thread
            reply = origin.replyTo ?? origin.from
        }
        let context = StageContext(now: now, router: state.router, recipient: nil)
        let plan = state.table.plan(for: envelope, replyTo: reply, context: context)
        var drafts = plan.dispatches.map { DispatchDraft($0, due: now) }
        for index in drafts.indices {
            let notBefore = drafts[index].envelope?.notBefore ?? envelope.notBefore
            drafts[index].due = max(drafts[index].due, notBefore ?? now)
        }
        guard drafts.count <= SpoolEntry.maximumDispatches else {
            throw .refused(reason: "more than \(SpoolEntry.maximumDispatches) recipients")
        }
        return SpoolEntry(
            envelope: envelope, accepted: now, dispatches: drafts, dedupe: dedupeKey(of: arrival),
            remoteID: arrival.remoteID, client: arrival.client.map { String($0.prefix(Self.maximumClient)) })
    }

    /// Why there is no such recipient; `nil` when there is.
    private func fault(of address: Address) -> String? {
        if let peer = address.peers.first { return "no peer named \"\(peer)\"" }
        if address.platform == RouteTarget.listPlatform {
            return state.table.list(named: address.user) == nil ? "no list named \"\(address.user)\"" : nil
        }
        return state.mailboxes[address.platform] == nil ? "no mailbox named \"\(address.platform)\"" : nil
    }

    private func dedupeKey(of arrival: Arrival) -> DedupeKey? {
        arrival.eventKey.map {
            DedupeKey(
                scope: arrival.envelope.topic.source, key: $0, fingerprint: arrival.fingerprint,
                expires: now + state.dedupeMemory)
        }
    }

    /// The guards that end loops (I5) and keep out what is over a limit.
    private func check(_ envelope: Envelope) throws(AcceptError) {
        guard envelope.received.count < state.hopLimit else {
            throw .refused(
                reason: "the message has passed \(envelope.received.count) routers, the limit is \(state.hopLimit)")
        }
        guard envelope.received.count(where: { $0.router == state.router }) < 2 else {
            throw .refused(reason: "the message has passed \(state.router) twice: a mail loop")
        }
        guard envelope.depth <= state.depthLimit else {
            throw .refused(reason: "the chain is \(envelope.depth) generations deep, the limit is \(state.depthLimit)")
        }
        let longest =
            [envelope.parts.count, envelope.to.count, envelope.headers.count, envelope.received.count].max() ?? 0
        guard longest < Envelope.maximumItems else {
            throw .refused(reason: "more than \(Envelope.maximumItems) parts, recipients, header fields or hops")
        }
        let size = envelope.parts.reduce(0) { $0 + $1.size }
        guard size <= state.messageLimit else {
            throw .refused(reason: "the message has \(size) bytes, the limit is \(state.messageLimit)")
        }
        for address in envelope.to {
            if let fault = fault(of: address) { throw .refused(reason: "cannot deliver to \(address): \(fault)") }
        }
        if let expires = envelope.expires, expires <= now {
            throw .refused(reason: "the message expired at \(expires)")
        }
    }
}

extension DispatchDraft {
    /// A planned dispatch as the spool takes it; due then unless it is held until later.
    init(_ planned: PlannedDispatch, due: Timestamp) {
        self.init(
            recipient: planned.recipient, envelope: planned.envelope, due: due, route: planned.route,
            steps: planned.notes)
        switch planned.outcome {
        case .deliver: break
        case .drop(let reason):
            state = .dropped
            self.reason = reason
        case .hold(let reason, let until, let next):
            if let until { self.due = until } else { state = .held }
            self.reason = reason
            nextStage = next
        }
    }
}

extension Part {
    /// The bytes of the content, wherever they lie.
    fileprivate var size: Int {
        switch content {
        case .text(let text, _): text.utf8.count
        case .bytes(let bytes): bytes.count
        case .value: 0
        case .blob(let blob): blob.size
        }
    }
}

extension Envelope {
    /// The bytes of the parts that are in memory with the envelope.
    var inlineSize: Int {
        parts.reduce(0) { size, part in
            if case .blob = part.content { size } else { size + part.size }
        }
    }
}
