import Messages
import Spooling

/// All that a spool says of itself when everything has come to rest.
struct SpoolView {
    var traces: [MessageID: MessageTrace] = [:]
    var summaries: [DispatchSummary] = []
    var counts: [DispatchState: Int] = [:]
    var damaged: [DamagedRow] = []

    /// Asks the spool, by the functions that everybody has.
    static func of(_ spool: any MessageSpool, messages: [MessageID]) async throws(SpoolError) -> SpoolView {
        var view = SpoolView()
        var before: Int64?
        repeat {
            let page = try await spool.list(DispatchFilter(), before: before, limit: 500)
            view.summaries += page
            before = page.last?.number
        } while before != nil
        for id in messages { view.traces[id] = try await spool.trace(of: id) }
        view.counts = try await spool.counts()
        view.damaged = try await spool.damaged()
        return view
    }
}
