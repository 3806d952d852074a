import Messages
import Spooling

/// What a lane has in memory: a window of its dispatches, those being tried, and what its platform has told of it; the
/// rest lies in the spool (I7).
///
/// The window is filled either by commits, as long as nothing of the lane lies in the spool alone, or by loading. So it
/// always begins with the oldest dispatches that may go, and order holds whatever the backlog.
///
/// A class, for a lane is changed in place a few times for every dispatch.
final class Lane {
    /// Every so many starts the oldest dispatch goes, whatever its priority.
    static let agingPeriod = 4

    let recipient: Address
    /// Dispatches that are waiting for their turn, by their numbers; references, so that moving them is cheap.
    private(set) var window: [WindowEntry] = []
    /// The dispatches being tried, with their threads.
    private(set) var active: [Int64: String?] = [:]
    /// The dispatches that go back to the spool, but are not there yet, with their threads.
    private var settling: [Int64: String?] = [:]
    private var activeThreads: Set<String> = []
    /// How many in the window are not of the usual priority.
    private var unusual = 0
    private var starts = 0
    /// The platform asked for a pause until then.
    var pausedUntil: Timestamp?
    /// What is left of the lane's rate; `nil` when it is unlimited or full.
    var rate: TokenBucket?
    var concurrency: ConcurrencyWindow
    var breaker = Breaker(policy: .lane)

    init(recipient: Address, parallelism: Int) {
        self.recipient = recipient
        concurrency = ConcurrencyWindow(maximum: parallelism, tolerance: 0, backoff: 0.5)
    }

    /// Whether nothing is left to remember; with `hasStored` more is tried soon, and failures in a row are counted on.
    func isIdle(hasStored: Bool) -> Bool {
        guard window.isEmpty, active.isEmpty, settling.isEmpty, pausedUntil == nil, rate == nil else { return false }
        return hasStored
            ? breaker == Breaker(policy: .lane) && concurrency.isFull : breaker.state == .closed
    }

    /// Whether something has not yet come back to the spool.
    var isSettling: Bool { !settling.isEmpty }

    /// Whether the window has something that is more urgent than usual.
    var isUrgent: Bool { unusual > 0 && window.contains { $0.dispatch.priority > .normal } }

    /// Takes a committed dispatch into the window.
    func admit(_ dispatch: SpooledDispatch) {
        window.append(WindowEntry(dispatch))
        if dispatch.priority != .normal { unusual += 1 }
    }

    /// Takes what was loaded into the window; what is there already or being tried is left out, and what may have been
    /// read before it went back to the spool, with those of its thread behind it (I3).
    ///
    /// - Returns: How many that were.
    func fill(_ dispatches: [SpooledDispatch]) -> Int {
        let known = Set(window.map(\.dispatch.number))
        let unsettledThreads = Set(settling.values.compactMap { $0 })
        let fresh = dispatches.filter {
            active[$0.number] == nil && !known.contains($0.number) && settling[$0.number] == nil
                && $0.envelope.thread.map { !unsettledThreads.contains($0) } ?? true
        }
        for dispatch in fresh { admit(dispatch) }
        window.sort { $0.dispatch.number < $1.dispatch.number }
        return fresh.count
    }

    /// Tells whether a dispatch could start now, as far as the lane is concerned, except for its rate.
    func canStart(at now: Timestamp) -> Bool {
        concurrency.allows(active.count) && mayTry(at: now) && indexOfNext != nil
    }

    /// The clock was set back: what is to end then ends when it would have.
    func clockWasSetBack(by jump: Duration) {
        pausedUntil = pausedUntil.map { $0 - jump }
        breaker.clockWasSetBack(by: jump)
        rate?.clockWasSetBack(by: jump)
    }

    /// Tells whether the platform's wish for a pause and the breaker let an attempt through.
    func mayTry(at now: Timestamp) -> Bool {
        breaker.allows(at: now) && (pausedUntil.map { $0 <= now } ?? true)
    }

    /// Takes the next dispatch whose thread is free out of the window.
    func start() -> SpooledDispatch? {
        guard let index = indexOfNext else { return nil }
        starts += 1
        let dispatch = remove(at: index)
        let thread = dispatch.envelope.thread
        active[dispatch.number] = thread
        if let thread { activeThreads.insert(thread) }
        breaker.attempted()
        return dispatch
    }

    /// Frees the place of a dispatch that was being tried.
    func finish(_ number: Int64) {
        guard let thread = active.removeValue(forKey: number) else { return }
        if let thread { activeThreads.remove(thread) }
    }

    /// A dispatch goes back to the spool, and the others of its thread with it: the one before them is not done (I3).
    ///
    /// - Returns: How many those are.
    func giveBack(_ dispatch: SpooledDispatch, isWritten: Bool) -> Int {
        if !isWritten { settling[dispatch.number] = .some(dispatch.envelope.thread) }
        guard let thread = dispatch.envelope.thread else { return 0 }
        return evict { $0.dispatch.envelope.thread == thread }
    }

    /// A dispatch is in the spool again.
    func settled(_ number: Int64) {
        settling[number] = nil
    }

    /// Leaves the window to the spool; returns how many dispatches that were.
    func evictAll() -> Int {
        evict { _ in true }
    }

    /// Takes a dispatch out of the window that is not to be tried any more; `false` when it is not there.
    func remove(_ number: Int64) -> Bool {
        evict { $0.dispatch.number == number } > 0
    }

    /// When something may start that may not now: the end of a pause, or the breaker's probe.
    var nextTry: Timestamp? {
        [pausedUntil, breaker.nextProbe].compactMap { $0 }.max()
    }

    /// The first that is free, or the most urgent of those; within a thread the first one in any case.
    private var indexOfNext: Int? {
        if unusual == 0 || (starts + 1).isMultiple(of: Self.agingPeriod) {
            return window.firstIndex { isFree($0.dispatch.envelope.thread) }
        }
        var best: Int?
        var passed: Set<String> = []
        for (index, entry) in window.enumerated() {
            let thread = entry.dispatch.envelope.thread
            let isFirst = thread.map { passed.insert($0).inserted } ?? true
            guard isFirst, isFree(thread) else { continue }
            if let best, window[best].dispatch.priority >= entry.dispatch.priority { continue }
            best = index
        }
        return best
    }

    private func isFree(_ thread: String?) -> Bool {
        thread.map { !activeThreads.contains($0) } ?? true
    }

    private func remove(at index: Int) -> SpooledDispatch {
        let dispatch = window.remove(at: index).dispatch
        if dispatch.priority != .normal { unusual -= 1 }
        return dispatch
    }

    private func evict(_ isEvicted: (WindowEntry) -> Bool) -> Int {
        let before = window.count
        window.removeAll(where: isEvicted)
        unusual = window.count { $0.dispatch.priority != .normal }
        return before - window.count
    }
}

/// A dispatch in a window.
final class WindowEntry: Sendable {
    let dispatch: SpooledDispatch

    init(_ dispatch: SpooledDispatch) {
        self.dispatch = dispatch
    }
}
