import Messages
import SQLite

extension SpoolReader {
    /// The columns of a summary.
    private static let columns = """
        SELECT d.number, m.id, m.topic, m.sender, l.recipient, m.subject, d.state, d.reason, d.attempts, m.accepted,
            d.due, d.settled, r.name, r.location, d.outcome, d.next_stage, d.rerouted_from
        """
    private static let joins = """
        JOIN messages m ON m.sequence = d.number / 4096
        JOIN lanes l ON l.id = d.lane
        JOIN routes r ON r.id = d.route
        """
    /// The open dispatches, by the two indices that hold all of them.
    private static let openNumbers = """
        SELECT number FROM dispatches WHERE is_open = 1 UNION ALL SELECT number FROM dispatches WHERE is_open > 1
        """
    /// How many open dispatches are rather sorted than found among the settled ones.
    private static let fewOpen = 10_000

    /// The summaries that a condition chooses; the condition is a constant of this module, the values are bound.
    func summaries(
        _ condition: String, _ values: [Int64],
        where fits: (DispatchSummary) -> Bool = { _ in true },
        limit: Int = .max
    ) throws -> [DispatchSummary] {
        do {
            return try summariesTogether(condition, values, where: fits, limit: limit)
        } catch let error as SQLiteError where error.isDamage {
            return try summariesOneByOne(condition, values, where: fits, limit: limit)
        }
    }

    /// Leaves out what lies on a damaged page, and notes it.
    private func summariesOneByOne(
        _ condition: String, _ values: [Int64], where fits: (DispatchSummary) -> Bool, limit: Int
    ) throws -> [DispatchSummary] {
        let numbers = try database.withStatement("SELECT d.number FROM dispatches d WHERE \(condition)") { statement in
            for (index, value) in values.enumerated() { try statement.bind(value, at: Int32(index + 1)) }
            return try statement.rows { try $0.integer(0) }
        }
        var found: [DispatchSummary] = []
        for number in numbers where found.count < limit {
            let place = "messages \(DispatchNumber.sequence(of: number))"
            let summaries = try noting(place, dispatch: number) {
                try summariesTogether("d.number = ?1", [number], where: fits, limit: 1)
            }
            found += summaries ?? []
        }
        return found
    }

    private func summariesTogether(
        _ condition: String, _ values: [Int64], where fits: (DispatchSummary) -> Bool, limit: Int
    ) throws -> [DispatchSummary] {
        var found: [DispatchSummary] = []
        try database.withStatement("\(Self.columns) FROM dispatches d \(Self.joins) WHERE \(condition)") {
            statement in
            for (index, value) in values.enumerated() { try statement.bind(value, at: Int32(index + 1)) }
            while found.count < limit, try statement.step() {
                if let summary = try summary(statement), fits(summary) { found.append(summary) }
            }
        }
        return found
    }

    /// Dispatches that fit the filter, the newest first.
    func list(_ filter: DispatchFilter, before: Int64?, limit: Int) throws -> [DispatchSummary] {
        let end = before ?? .max
        if !filter.messages.isEmpty || !filter.numbers.isEmpty {
            return try listNamed(filter, before: end, limit: limit)
        }
        // The states decide which index leads to the rows.
        let fits = { filter.fits($0) }
        let order = "d.number < ?1 ORDER BY d.number DESC"
        if filter.states == [.dead] {
            return try summaries("d.state = 4 AND \(order)", [end], where: fits, limit: limit)
        }
        if filter.states == [.held] {
            return try summaries("d.state = 2 AND \(order)", [end], where: fits, limit: limit)
        }
        if !filter.states.isEmpty, filter.states.allSatisfy({ !$0.isSettled }) {
            let open = try counts().filter { !$0.key.isSettled }.values.reduce(0, +)
            let condition = open < Self.fewOpen ? "d.number IN (\(Self.openNumbers))" : "d.is_open > 0"
            return try summaries("\(condition) AND \(order)", [end], where: fits, limit: limit)
        }
        return try summaries(order, [end], where: fits, limit: limit)
    }

    /// Messages and dispatches named one by one are looked up one by one.
    private func listNamed(_ filter: DispatchFilter, before end: Int64, limit: Int) throws -> [DispatchSummary] {
        var ranges = filter.numbers.map { ($0, $0) }
        for message in filter.messages {
            guard let sequence = try sequence(of: message) else { continue }
            ranges.append((DispatchNumber.first(ofSequence: sequence), DispatchNumber.last(ofSequence: sequence)))
        }
        var found: [Int64: DispatchSummary] = [:]
        for (first, last) in ranges {
            let fitting = try summaries("d.number BETWEEN ?1 AND ?2", [first, last], where: { filter.fits($0) })
            for summary in fitting where summary.number < end { found[summary.number] = summary }
        }
        return Array(found.values.sorted { $0.number > $1.number }.prefix(limit))
    }

    private func summary(_ row: borrowing Statement) throws -> DispatchSummary? {
        let number = try row.integer(0)
        let place = "dispatches \(number)"
        guard let message = MessageID(bytes: try row.bytes(1)), let state = DispatchState(code: try row.integer(6))
        else {
            note(place, "no message id or no state", dispatch: number)
            return nil
        }
        do throws(MessageError) {
            let topic = try Topic(parsing: text(row, 2))
            let from = try Address(parsing: text(row, 3))
            let recipient = try Address(parsing: text(row, 4))
            return try summary(row, number, message, topic, from, recipient, state)
        } catch {
            note(place, "\(error)", dispatch: number)
            return nil
        }
    }

    private func text(_ row: borrowing Statement, _ column: Int32) throws(MessageError) -> String {
        do throws(SQLiteError) { return try row.text(column) } catch {
            throw .badField(path: "column \(column)", reason: "\(error)")
        }
    }

    private func summary(
        _ row: borrowing Statement, _ number: Int64, _ message: MessageID, _ topic: Topic, _ from: Address,
        _ recipient: Address, _ state: DispatchState
    ) throws(MessageError) -> DispatchSummary {
        do throws(SQLiteError) {
            let location = try row.text(13)
            return DispatchSummary(
                number: number, message: message, topic: topic, from: from, recipient: recipient,
                subject: try row.optionalText(5), state: state, reason: try row.optionalText(7),
                attempts: Int(try row.integer(8)), accepted: Timestamp(milliseconds: try row.integer(9)),
                due: Timestamp(milliseconds: try row.integer(10)),
                settled: try row.optionalInteger(11).map(Timestamp.init(milliseconds:)),
                route: RouteOrigin(name: try row.text(12), location: location.isEmpty ? nil : location),
                lastOutcome: try row.optionalInteger(14).flatMap(AttemptTrace.Outcome.init(code:)),
                nextStage: try row.optionalInteger(15).map { Int(clamping: $0) },
                reroutedFrom: try row.optionalInteger(16))
        } catch {
            throw .badField(path: "dispatches \(number)", reason: "\(error)")
        }
    }
}
