import Messages
import Spooling
import TestSupport

@testable import Engine

/// A scheduler, and beside it a spool and a platform in memory whose answers come in an order that a seed decides: the
/// result of every load, begin, attempt and settlement may be late, and old by then.
struct SchedulerModel {
    /// A dispatch as the spool's disk has it.
    struct Row {
        var dispatch: SpooledDispatch
        var state = DispatchState.waiting
        /// The platform has answered, and nothing follows.
        var hasEnded = false
        var thread: String? { dispatch.envelope.thread }
        var number: Int64 { dispatch.number }
    }

    /// What has been asked for and has not been answered.
    private enum Pending {
        case load([LaneID], [LaneLoad], limit: Int)
        case begin([SpooledDispatch])
        case begun([SpooledDispatch], refused: [SpooledDispatch])
        case attempt(SpooledDispatch)
        case settle(SpooledDispatch, DispatchState, due: Timestamp?)
        case settled(SpooledDispatch)
        case expire(ExpiredDispatches)
        case changed(SpooledDispatch)
    }

    static let recipients = ["a", "b", "c", "d", "e"]

    var scheduler = DispatchScheduler()
    var now = Timestamp(seconds: 1_000)
    /// What broke a rule.
    private(set) var faults: [String] = []
    private(set) var rows: [Int64: Row] = [:]
    private var pending: [Pending] = []
    private var random: SeededRandom
    private var isCalm = false

    init(seed: UInt64) {
        random = SeededRandom(seed: seed)
        let limits = MailboxLimits(
            concurrency: Int.random(in: 1...6, using: &random), laneParallelism: Int.random(in: 1...3, using: &random),
            laneRate: Bool.random(using: &random) ? TokenBucket(rate: 2, per: .seconds(1)) : nil,
            pausesMailbox: Bool.random(using: &random))
        scheduler.install("hook", limits: limits)
        scheduler.starts(at: now)
        scheduler.restored([], through: nil)
    }

    /// Whether everything is settled.
    var isDone: Bool { rows.values.allSatisfy(\.state.isSettled) }

    // MARK: Steps

    /// Does one thing at random, then what the scheduler asks for.
    mutating func step() throws {
        switch Int.random(in: 0..<20, using: &random) {
        case 0..<4: try commit()
        case 4: now = now + .milliseconds(Int64.random(in: 1...5_000, using: &random))
        case 5: operate()
        case 6: scheduler.setPaused(Bool.random(using: &random), mailbox: "hook")
        default: answer()
        }
        pump()
    }

    /// Lets all that is open end well; returns whether it did.
    mutating func finish() -> Bool {
        isCalm = true
        scheduler.setPaused(false, mailbox: "hook")
        for number in rows.keys where rows[number]?.state == .held { change(number, to: .waiting) }
        for _ in 0..<200_000 {
            pump()
            if isDone, pending.isEmpty { return true }
            if !pending.isEmpty {
                answer()
            } else if let time = scheduler.nextWake {
                now = max(now, time)
            } else {
                return false
            }
        }
        return false
    }

    private mutating func commit() throws {
        let first = Int64(rows.count + 1)
        let batch = try (0..<Int64.random(in: 1...8, using: &random)).map { try makeDispatch(first + $0) }
        for dispatch in batch { rows[dispatch.number] = Row(dispatch: dispatch) }
        scheduler.committed(batch, at: now)
    }

    private mutating func makeDispatch(_ number: Int64) throws -> SpooledDispatch {
        let user = Self.recipients.randomElement(using: &random) ?? "a"
        var envelope = Envelope(
            id: MessageID(high: 1, low: UInt64(number)), time: now, from: try Address(parsing: "api:ci"),
            topic: try Topic(parsing: "api:test"))
        envelope.thread = Bool.random(using: &random) ? ["t", "u"].randomElement(using: &random) : nil
        let isLater = Int.random(in: 0..<6, using: &random) == 0
        let due = isLater ? now + .milliseconds(Int64.random(in: 1...20_000, using: &random)) : now
        let expires =
            Int.random(in: 0..<8, using: &random) == 0 ? due + .seconds(Int64.random(in: 1...60, using: &random)) : nil
        return SpooledDispatch(
            number: number, envelope: envelope, recipient: try Address(platform: "hook", user: user),
            lane: lane(user), due: due, accepted: now, attempts: 0,
            priority: Priority.allCases.randomElement(using: &random) ?? .normal, expires: expires)
    }

    private func lane(_ user: String) -> LaneID { LaneID(Int64(user.utf8.first ?? 0)) }

    /// Somebody holds or releases a dispatch; the scheduler hears of it at once or later, as the spool's answer comes.
    private mutating func operate() {
        guard let row = rows.values.filter({ $0.state == .waiting || $0.state == .held }).randomElement(using: &random)
        else { return }
        change(row.number, to: row.state == .held ? .waiting : .held)
    }

    private mutating func change(_ number: Int64, to state: DispatchState) {
        guard let row = rows[number] else { return }
        rows[number]?.state = state
        rows[number]?.dispatch.due = now
        pending.append(.changed(row.dispatch))
    }

    // MARK: What the scheduler asks for

    private mutating func pump() {
        for _ in 0..<1_000 {
            let actions = scheduler.next(at: now)
            check()
            if actions.isEmpty { return }
            for action in actions {
                switch action {
                case .begin(let dispatches): pending.append(.begin(dispatches))
                case .load(let lanes, let limit):
                    pending.append(.load(lanes, lanes.map { load($0, limit: limit) }, limit: limit))
                case .expire: pending.append(.expire(expired()))
                }
            }
        }
        faults.append("the scheduler asks without end")
    }

    private mutating func check() {
        let inMemory = scheduler.entries.values.reduce(0) { $0 + ($1.lane?.window.count ?? 0) }
        if inMemory != scheduler.inMemory { faults.append("\(inMemory) in memory, \(scheduler.inMemory) counted") }
        if scheduler.entries.values.contains(where: { ($0.lane?.window.count ?? 0) > 2 * scheduler.limits.window }) {
            faults.append("a window has no bound")
        }
    }

    /// What the spool would say now: as ``MessageSpool/load(_:dueBy:limit:)``, the oldest first.
    private func load(_ lane: LaneID, limit: Int) -> LaneLoad {
        let open = rows.values.filter { $0.dispatch.lane == lane && !$0.state.isSettled }
            .sorted { $0.number < $1.number }
        var blocked: Set<String> = []
        var chosen: [SpooledDispatch] = []
        var hasMore = false
        for row in open {
            let isFree = row.thread.map { !blocked.contains($0) } ?? true
            if row.state == .waiting, row.dispatch.due <= now, isFree, chosen.count < limit {
                chosen.append(row.dispatch)
            } else {
                if let thread = row.thread { blocked.insert(thread) }
                if row.state != .trying { hasMore = true }
            }
        }
        let next = open.filter { $0.state == .waiting && $0.dispatch.due > now }.map(\.dispatch.due).min()
        return LaneLoad(dispatches: chosen, hasMore: hasMore, nextDue: next)
    }

    private func expired() -> ExpiredDispatches {
        let timed = rows.values.filter { $0.state == .waiting && $0.dispatch.expires != nil }.map(\.dispatch)
        let over = timed.filter { ($0.expires ?? .latest) <= now }
        let next = timed.compactMap(\.expires).filter { $0 > now }.min()
        return ExpiredDispatches(dispatches: over, next: next, hasMore: false)
    }

    // MARK: Answers

    private mutating func answer() {
        guard let index = pending.indices.randomElement(using: &random) else { return }
        switch pending.remove(at: index) {
        case .load(let lanes, let loads, let limit):
            if !isCalm, Int.random(in: 0..<10, using: &random) == 0 {
                if Bool.random(using: &random) { scheduler.restLoading(until: now + .seconds(1)) }
                let loads = loads.map { Bool.random(using: &random) ? $0 : nil }
                scheduler.loaded(lanes, loads, limit: limit, retryAt: now + .seconds(5), at: now)
            } else {
                scheduler.loaded(lanes, loads, limit: limit, at: now)
            }
        case .begin(let dispatches): begin(dispatches)
        case .begun(let begun, let refused):
            scheduler.notBegun(refused, retryAt: nil, at: now)
            for dispatch in begun { pending.append(.attempt(dispatch)) }
        case .attempt(let dispatch): end(dispatch)
        case .settle(let dispatch, let state, let due):
            rows[dispatch.number]?.state = state
            rows[dispatch.number]?.dispatch.attempts += 1
            if let due { rows[dispatch.number]?.dispatch.due = due }
            pending.append(.settled(dispatch))
        case .settled(let dispatch): scheduler.settled(dispatch)
        case .expire(let found): expire(found)
        case .changed(let dispatch): scheduler.changed(dispatch.lane, of: dispatch.recipient)
        }
    }

    private mutating func begin(_ dispatches: [SpooledDispatch]) {
        if !isCalm, Int.random(in: 0..<12, using: &random) == 0 {
            if Bool.random(using: &random) { scheduler.restBeginning(until: now + .milliseconds(500)) }
            return scheduler.notBegun(dispatches, retryAt: now + .seconds(1), at: now)
        }
        var begun: [SpooledDispatch] = []
        for dispatch in dispatches {
            guard let row = rows[dispatch.number], row.state == .waiting, row.dispatch.attempts == dispatch.attempts
            else { continue }
            if let thread = row.thread,
                let first = rows.values.first(where: {
                    $0.dispatch.lane == dispatch.lane && $0.thread == thread && !$0.state.isSettled && !$0.hasEnded
                        && $0.number < dispatch.number
                })
            {
                faults.append("\(dispatch.number) overtakes \(first.number), which is \(first.state), in its thread")
            }
            rows[dispatch.number]?.state = .trying
            begun.append(dispatch)
        }
        let numbers = Set(begun.map(\.number))
        pending.append(.begun(begun, refused: dispatches.filter { !numbers.contains($0.number) }))
    }

    private mutating func end(_ dispatch: SpooledDispatch) {
        let due = now + .milliseconds(Int64.random(in: 1...30_000, using: &random))
        switch isCalm ? 0 : Int.random(in: 0..<10, using: &random) {
        case 0..<5:
            _ = scheduler.succeeded(dispatch)
            rows[dispatch.number]?.hasEnded = true
            pending.append(.settle(dispatch, .delivered, due: nil))
        case 5..<8:
            let pause = Bool.random(using: &random) ? due : nil
            _ = scheduler.failed(dispatch, reason: "x", due: due, pausedUntil: pause, at: now)
            pending.append(.settle(dispatch, .waiting, due: due))
        case 8:
            scheduler.held(dispatch)
            _ = scheduler.failed(dispatch, reason: "x", due: nil, at: now)
            pending.append(.settle(dispatch, .held, due: nil))
        default:
            _ = scheduler.failed(dispatch, reason: "x", due: nil, at: now)
            rows[dispatch.number]?.hasEnded = true
            pending.append(.settle(dispatch, .dead, due: nil))
        }
    }

    private mutating func expire(_ found: ExpiredDispatches) {
        for dispatch in found.dispatches where scheduler.expires(dispatch) {
            guard rows[dispatch.number]?.state == .waiting else { continue }
            rows[dispatch.number]?.state = .dead
            scheduler.settled(dispatch)
        }
        scheduler.expired(nextAt: found.next)
    }
}
