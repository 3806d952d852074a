import Messages
import SQLite

extension SpoolWriter {
    /// Applies an operator's action to those of the dispatches that it still fits, and returns the numbers of those that
    /// are open now: their own, or those of the dispatches that go in their place.
    func apply(_ action: DispatchAction, to numbers: [Int64], at time: Timestamp) throws -> [Int64] {
        leaseScans = [:]
        return try numbers.compactMap { number in
            guard let state = try state(of: number), action.changes(state) else { return nil }
            switch action {
            case .retry: try retry(number, in: state, at: time)
            case .drop(let reason):
                try change(
                    "UPDATE dispatches SET state = 5, is_open = NULL, settled = ?2, reason = ?3 WHERE number = ?1",
                    number, time, reason)
                count(from: state, to: .dropped)
            case .hold(let reason, nil):
                try change(
                    "UPDATE dispatches SET state = 2, is_open = 3, reason = ?3 WHERE number = ?1", number, time,
                    reason)
                count(from: state, to: .held)
            case .hold(let reason, let until?):
                try change(
                    "UPDATE dispatches SET is_open = 2, due = ?2, reason = ?3 WHERE number = ?1", number, until, reason)
            case .release, .releaseAsItIs:
                try release(number, skippingStages: action == .releaseAsItIs, at: time)
                count(from: state, to: .waiting)
            case .reroute(let recipient, let reason):
                return try reroute(number, in: state, to: recipient, reason: reason, at: time)
            }
            return number
        }
    }

    private func retry(_ number: Int64, in state: DispatchState, at time: Timestamp) throws {
        try keepAttempt(of: number, ifIn: state)
        try change(
            "UPDATE dispatches SET state = 0, is_open = 1, due = ?2, retried = ?2, attempts = 0, reason = ?3, "
                + "started = NULL, finished = NULL, outcome = NULL, detail = NULL, settled = NULL WHERE number = ?1",
            number, time, nil)
        count(from: state, to: .waiting)
    }

    private func release(_ number: Int64, skippingStages: Bool, at time: Timestamp) throws {
        let stages = skippingStages ? ", next_stage = NULL" : ""
        try change(
            "UPDATE dispatches SET state = 0, is_open = 1, retried = ?2, reason = ?3, due = ?2\(stages) WHERE number = ?1",
            number, time, nil)
    }

    /// Leaves a row that says who did what, or adds to the one that an earlier step of the same action has left.
    ///
    /// - Returns: The row.
    func audit(_ note: AuditNote, changed: Int, row: Int64?) throws -> Int64 {
        if let row {
            try database.withStatement("UPDATE audit SET changed = changed + ?2 WHERE id = ?1") { statement in
                try statement.bind(row, at: 1)
                try statement.bind(Int64(changed), at: 2)
                try statement.run()
            }
            return row
        }
        try database.withStatement(
            "INSERT INTO audit (time, actor, action, filter, changed, reason, target) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)"
        ) { statement in
            try statement.bind(note.time.milliseconds, at: 1)
            try statement.bind(note.actor, at: 2)
            try statement.bind(note.action, at: 3)
            try statement.bind(note.filter, at: 4)
            try statement.bind(Int64(changed), at: 5)
            try statement.bind(note.reason, at: 6)
            try statement.bind(note.target, at: 7)
            try statement.run()
        }
        return database.lastInsertedRow
    }

    func state(of number: Int64) throws -> DispatchState? {
        try database.withStatement("SELECT state FROM dispatches WHERE number = ?1") { statement in
            try statement.bind(number, at: 1)
            return try statement.firstRow { DispatchState(code: try $0.integer(0)) } ?? nil
        }
    }

    func change(_ sql: String, _ number: Int64, _ time: Timestamp, _ reason: String?) throws {
        try database.withStatement(sql) { statement in
            try statement.bind(number, at: 1)
            try statement.bind(time.milliseconds, at: 2)
            try statement.bind(reason, at: 3)
            try statement.run()
        }
    }

    // MARK: What mailboxes store

    /// Stores and removes values of a mailbox.
    func setStates(_ changes: [StateEntry], mailbox: String) throws {
        for change in changes {
            guard let value = change.value else {
                try database.withStatement("DELETE FROM states WHERE mailbox = ?1 AND key = ?2") { statement in
                    try statement.bind(mailbox, at: 1)
                    try statement.bind(change.key, at: 2)
                    try statement.run()
                }
                continue
            }
            try database.withStatement("INSERT OR REPLACE INTO states VALUES (?1, ?2, ?3)") { statement in
                try statement.bind(mailbox, at: 1)
                try statement.bind(change.key, at: 2)
                try statement.bind(value, at: 3)
                try statement.run()
            }
        }
    }

    // MARK: Damage

    /// Sets damage aside: it is listed, and the dispatches it makes undeliverable become dead letters.
    ///
    /// - Returns: What was not known before.
    func setAside(_ findings: [Damage], at time: Timestamp) throws -> [Damage] {
        var new: [Damage] = []
        for finding in findings {
            try database.withStatement("INSERT OR IGNORE INTO damaged VALUES (?1, ?2, ?3)") { statement in
                try statement.bind(finding.place, at: 1)
                try statement.bind(finding.reason, at: 2)
                try statement.bind(time.milliseconds, at: 3)
                try statement.run()
            }
            if database.changes == 1 { new.append(finding) }
            guard let number = finding.dispatch, let state = try state(of: number), !state.isSettled else { continue }
            try change(
                "UPDATE dispatches SET state = 4, is_open = NULL, settled = ?2, reason = ?3 WHERE number = ?1", number,
                time, "\(finding.place) cannot be read: \(finding.reason)")
            count(from: state, to: .dead)
        }
        return new
    }
}

/// Something that could not be read.
struct Damage: Sendable, Hashable {
    /// The table and the row, or the blob.
    let place: String
    /// Why.
    let reason: String
    /// The dispatch that cannot be delivered because of it.
    let dispatch: Int64?
}

extension AuditNote {
    /// Who does what to the dispatches that fit a filter.
    init(_ action: DispatchAction, to filter: DispatchFilter, by actor: String, at time: Timestamp) {
        self.init(
            time: time, actor: actor, action: action.text, filter: filter.description, reason: action.reason,
            target: action.target)
    }
}

extension DispatchAction {
    /// Tells whether the action does anything to a dispatch in this state.
    func changes(_ state: DispatchState) -> Bool {
        switch self {
        case .retry: state == .waiting || state == .dead || state == .dropped
        case .drop, .reroute: state == .waiting || state == .held || state == .dead
        case .hold: state == .waiting
        case .release, .releaseAsItIs: state == .held
        }
    }

    /// The action in words, for the audit; why and where to are said beside it.
    var text: String {
        switch self {
        case .retry: "retry"
        case .drop: "drop"
        case .hold: "hold"
        case .release: "release"
        case .releaseAsItIs: "release as it is"
        case .reroute: "reroute"
        }
    }

    /// Why, in the operator's words.
    var reason: String? {
        switch self {
        case .drop(let reason), .hold(let reason, _), .reroute(_, let reason): reason
        case .retry, .release, .releaseAsItIs: nil
        }
    }

    /// Where to, or until when.
    var target: String? {
        switch self {
        case .reroute(let recipient, _): recipient.description
        case .hold(_, let until): until?.description
        case .retry, .drop, .release, .releaseAsItIs: nil
        }
    }
}
