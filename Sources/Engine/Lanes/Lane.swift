import Messages
import Spooling

/// The ordered queue of dispatches to one recipient: a window of them in memory, the rest in the spool (I7).
///
/// The window is filled either by commits, as long as nothing of the lane lies in the spool alone, or by loading. So it
/// always begins with the oldest dispatches that may go, and order holds whatever the backlog.
///
/// A class, for a lane is changed in place a few times for every dispatch.
final class Lane {
    /// The most dispatches that a window holds.
    static let windowLimit = 64

    let recipient: Address
    /// Dispatches that are waiting for their turn; references, so that moving them is cheap.
    private(set) var window: [WindowEntry] = []
    /// The dispatches being tried, with their threads.
    private(set) var active: [Int64: String?] = [:]
    private var activeThreads: Set<String> = []
    /// Whether dispatches of this lane lie in the spool alone: beyond the window, not due, or held.
    var hasStored = false
    /// Whether a look into the spool may find something that can go now.
    var needsLoad = false
    /// Whether the spool is being read; what is committed meanwhile is not taken into the window.
    var isLoading = false
    /// When something in the spool becomes due.
    var nextDue: Timestamp?
    /// The platform asked for a pause until then.
    var pausedUntil: Timestamp?
    /// Whether it waits for its turn among its mailbox's lanes.
    var isQueued = false
    var breaker = Breaker(policy: .lane)

    init(recipient: Address) {
        self.recipient = recipient
    }

    /// Tells whether nothing is left to remember.
    var isIdle: Bool {
        window.isEmpty && active.isEmpty && !hasStored && !isLoading && pausedUntil == nil && breaker.state == .closed
    }

    /// Tells whether the window is empty enough to be filled from the spool; it need not be quite empty, so that
    /// reading and delivering overlap.
    var hasRoomToLoad: Bool { window.count <= Self.windowLimit / 4 }

    /// Takes a committed dispatch into the window; `false` when it must be left to the spool.
    func admit(_ dispatch: SpooledDispatch, at now: Timestamp, hasRoom: Bool) -> Bool {
        guard !hasStored, !isLoading, hasRoom, window.count < Self.windowLimit, dispatch.due <= now else {
            return false
        }
        window.append(WindowEntry(dispatch))
        return true
    }

    /// Takes what was loaded into the window; what is there already or being tried is left out.
    func fill(_ dispatches: [SpooledDispatch]) -> Int {
        let known = Set(window.map(\.dispatch.number))
        let fresh = dispatches.filter { active[$0.number] == nil && !known.contains($0.number) }
        window.append(contentsOf: fresh.map(WindowEntry.init))
        return fresh.count
    }

    /// Tells whether a dispatch could start, as far as the lane is concerned.
    func canStart(parallelism: Int, at now: Timestamp) -> Bool {
        active.count < parallelism && mayTry(at: now) && indexOfNext != nil
    }

    /// Tells whether the platform's wish for a pause and the breaker let an attempt through.
    func mayTry(at now: Timestamp) -> Bool {
        breaker.allows(at: now) && (pausedUntil.map { $0 <= now } ?? true)
    }

    /// Takes the next dispatch whose thread is free out of the window.
    func start() -> SpooledDispatch? {
        guard let index = indexOfNext else { return nil }
        let dispatch = window.remove(at: index).dispatch
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

    /// Leaves the thread's other dispatches to the spool and returns how many: the one before them is not done (I3).
    func evict(thread: String) -> Int {
        evict { $0.dispatch.envelope.thread == thread }
    }

    /// Leaves the window to the spool; returns how many dispatches that were.
    func evictAll() -> Int {
        evict { _ in true }
    }

    /// Says when something in the spool becomes due, if that is earlier than what is known; returns whether it is.
    func expect(at time: Timestamp) -> Bool {
        hasStored = true
        guard nextDue.map({ time < $0 }) ?? true else { return false }
        nextDue = time
        return true
    }

    private var indexOfNext: Int? {
        window.firstIndex { entry in
            entry.dispatch.envelope.thread.map { !activeThreads.contains($0) } ?? true
        }
    }

    private func evict(_ isEvicted: (WindowEntry) -> Bool) -> Int {
        let before = window.count
        window.removeAll(where: isEvicted)
        if window.count < before { hasStored = true }
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
