import Messages
import Spooling

/// All that a spool says of itself when everything has come to rest.
struct SpoolView {
    var traces: [MessageID: MessageTrace] = [:]
    var summaries: [DispatchSummary] = []
    var counts: [DispatchState: Int] = [:]
    var damaged: [DamagedRow] = []
    /// What came of the messages.
    var children: [MessageID: MessageTrace] = [:]
    var audit: [AuditRow] = []

    /// All that it tells beside the messages themselves.
    var words: [String] {
        let attempts = traces.values.flatMap { $0.dispatches.flatMap { $0.attempts.compactMap(\.detail) } }
        let bounces = children.values.map(\.envelope.text)
        return summaries.compactMap(\.reason) + attempts + bounces + audit.compactMap(\.reason)
    }

    /// Asks the spool, by the functions that everybody has.
    static func of(_ spool: any MessageSpool, messages: [MessageID]) async throws(SpoolError) -> SpoolView {
        var view = SpoolView()
        var before: Int64?
        repeat {
            let page = try await spool.list(DispatchFilter(), before: before, limit: 500)
            view.summaries += page
            before = page.last?.number
        } while before != nil
        for id in messages {
            guard let trace = try await spool.trace(of: id) else { continue }
            view.traces[id] = trace
            for child in trace.children { view.children[child.message] = try await spool.trace(of: child.message) }
        }
        view.audit = try await spool.audit(before: nil, limit: 10_000)
        view.counts = try await spool.counts()
        view.damaged = try await spool.damaged()
        return view
    }
}
