import Messages
import SQLite

extension SpoolReader {
    /// Counts the dispatches of messages that were accepted since a time, by mailbox, route, recipient and state.
    ///
    /// The time of acceptance has no index; so the latest messages are gone through, and no more than the bound says.
    func traffic(since time: Timestamp) throws -> TrafficReport {
        let (first, isWhole) = try firstCounted(since: time)
        var counts: [TrafficKey: [DispatchState: Int]] = [:]
        var isTold = true
        try database.withStatement(Self.grouped) { statement in
            try statement.bind(DispatchNumber.first(ofSequence: first), at: 1)
            try statement.bind(time.milliseconds, at: 2)
            while try statement.step() {
                let key = TrafficKey(
                    source: try statement.text(0), route: try statement.integer(1), lane: try statement.integer(2))
                guard let state = DispatchState(code: try statement.integer(3)) else { continue }
                guard counts[key] != nil || counts.count < TrafficReport.maximumRows else {
                    isTold = false
                    continue
                }
                counts[key, default: [:]][state, default: 0] += Int(try statement.integer(4))
            }
        }
        let rows = try counts.map { key, counts in try row(key, counts) }
        return TrafficReport(rows: rows.sorted(by: RouteTraffic.isBusier), isComplete: isWhole && isTold)
    }

    private struct TrafficKey: Hashable {
        let source: String
        let route: Int64
        let lane: Int64
    }

    private static let grouped = """
        SELECT substr(m.topic, 1, instr(m.topic, ':') - 1) AS source, d.route, d.lane, d.state, count(*)
        FROM dispatches d CROSS JOIN messages m ON m.sequence = d.number / 4096
        WHERE d.number >= ?1 AND m.accepted >= ?2 GROUP BY source, d.route, d.lane, d.state
        """

    /// The first message that is counted, and whether all since that time are.
    private func firstCounted(since time: Timestamp) throws -> (sequence: Int64, isWhole: Bool) {
        let last = try database.withStatement("SELECT max(sequence) FROM messages") {
            try $0.firstRow { try $0.optionalInteger(0) } ?? nil
        }
        let bound = (last ?? 0) - Int64(TrafficReport.maximumMessages)
        guard bound > 0 else { return (0, true) }
        let before = "SELECT accepted FROM messages WHERE sequence <= ?1 ORDER BY sequence DESC LIMIT 1"
        let older = try database.withStatement(before) {
            try $0.bind(bound, at: 1)
            return try $0.firstRow { try $0.integer(0) }
        }
        return (bound + 1, (older ?? .min) < time.milliseconds)
    }

    private func row(_ key: TrafficKey, _ counts: [DispatchState: Int]) throws -> RouteTraffic {
        let recipient = try database.withStatement("SELECT recipient FROM lanes WHERE id = ?1") {
            try $0.bind(key.lane, at: 1)
            return try $0.firstRow { try $0.text(0) }
        }
        let route = try database.withStatement("SELECT name, location FROM routes WHERE id = ?1") { statement in
            try statement.bind(key.route, at: 1)
            return try statement.firstRow { row in
                let location = try row.text(1)
                return RouteOrigin(name: try row.text(0), location: location.isEmpty ? nil : location)
            }
        }
        return RouteTraffic(
            source: key.source, route: route ?? RouteOrigin(name: "?"), recipient: recipient ?? "?", counts: counts)
    }
}

extension RouteTraffic {
    /// Whether the first row has more dispatches; of two that have as many, by their names.
    fileprivate static func isBusier(_ left: RouteTraffic, _ right: RouteTraffic) -> Bool {
        let (first, second) = (left.counts.values.reduce(0, +), right.counts.values.reduce(0, +))
        if first != second { return first > second }
        return (left.source, left.route.name, left.recipient) < (right.source, right.route.name, right.recipient)
    }
}
