import Messages
import SQLite

extension SpoolWriter {
    /// Applies an operator's action to those of the dispatches that it still fits, and returns their numbers.
    func apply(_ action: DispatchAction, to numbers: [Int64], at time: Timestamp) throws -> [Int64] {
        leaseScans = [:]
        return try numbers.filter { number in
            guard let state = try state(of: number), action.changes(state) else { return false }
            switch action {
            case .retry:
                try keepAttempt(of: number, ifIn: state)
                try change(
                    "UPDATE dispatches SET state = 0, is_open = 1, due = ?2, attempts = 0, reason = ?3, started = NULL, "
                        + "finished = NULL, outcome = NULL, detail = NULL, settled = NULL WHERE number = ?1",
                    number, time, nil)
                count(from: state, to: .waiting)
            case .drop(let reason):
                try change(
                    "UPDATE dispatches SET state = 5, is_open = NULL, settled = ?2, reason = ?3 WHERE number = ?1",
                    number, time, reason)
                count(from: state, to: .dropped)
            case .hold(let reason):
                try change(
                    "UPDATE dispatches SET state = 2, is_open = 3, reason = ?3 WHERE number = ?1", number, time,
                    reason)
                count(from: state, to: .held)
            case .release:
                try change(
                    "UPDATE dispatches SET state = 0, is_open = 1, reason = ?3, due = ?2 WHERE number = ?1", number,
                    time, nil)
                count(from: state, to: .waiting)
            }
            return true
        }
    }

    /// Leaves a row that says who did what.
    func audit(_ action: DispatchAction, _ filter: String, by actor: String, at time: Timestamp, changed: Int) throws {
        try database.withStatement(
            "INSERT INTO audit (time, actor, action, filter, changed) VALUES (?1, ?2, ?3, ?4, ?5)"
        ) { statement in
            try statement.bind(time.milliseconds, at: 1)
            try statement.bind(actor, at: 2)
            try statement.bind(action.text, at: 3)
            try statement.bind(filter, at: 4)
            try statement.bind(Int64(changed), at: 5)
            try statement.run()
        }
    }

    private func state(of number: Int64) throws -> DispatchState? {
        try database.withStatement("SELECT state FROM dispatches WHERE number = ?1") { statement in
            try statement.bind(number, at: 1)
            return try statement.firstRow { DispatchState(code: try $0.integer(0)) } ?? nil
        }
    }

    private func change(_ sql: String, _ number: Int64, _ time: Timestamp, _ reason: String?) throws {
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

extension DispatchAction {
    /// Tells whether the action does anything to a dispatch in this state.
    func changes(_ state: DispatchState) -> Bool {
        switch self {
        case .retry: state == .waiting || state == .dead || state == .dropped
        case .drop: state == .waiting || state == .held || state == .dead
        case .hold: state == .waiting
        case .release: state == .held
        }
    }

    /// The action in words, for the audit.
    var text: String {
        switch self {
        case .retry: "retry"
        case .drop(let reason): "drop: \(reason)"
        case .hold(let reason): "hold: \(reason)"
        case .release: "release"
        }
    }
}
