import Messages
import SQLite

extension SpoolReader {
    /// The lanes that have open dispatches, each found by a few steps down the indices, however much waits in it.
    func lanes(after lane: LaneID, limit: Int) throws -> [LaneSummary] {
        var found: [LaneSummary] = []
        var ready = try nextReadyLane(after: lane.rawValue)
        var later = try nextLaterLane(after: lane.rawValue)
        while found.count < limit, let id = [ready, later].compactMap({ $0 }).min() {
            let nextDue = later == id ? try firstDue(in: id) : nil
            if let recipient = try recipient(of: id) {
                let due = nextDue.map(Timestamp.init(milliseconds:))
                found.append(LaneSummary(id: LaneID(id), recipient: recipient, isReady: ready == id, nextDue: due))
            }
            if ready == id { ready = try nextReadyLane(after: id) }
            if later == id { later = try nextLaterLane(after: id) }
        }
        return found
    }

    /// The lanes of these recipients.
    func lanes(of recipients: Set<Address>) throws -> [LaneID] {
        try recipients.compactMap { recipient in
            try database.withStatement("SELECT id FROM lanes WHERE recipient = ?1") {
                try $0.bind(recipient.description, at: 1)
                return try $0.firstRow { LaneID(try $0.integer(0)) }
            }
        }
    }

    private func nextReadyLane(after id: Int64) throws -> Int64? {
        try first("SELECT lane FROM dispatches WHERE is_open = 1 AND lane > ?1 ORDER BY lane LIMIT 1", id)
    }

    private func nextLaterLane(after id: Int64) throws -> Int64? {
        try first("SELECT lane FROM dispatches WHERE is_open > 1 AND lane > ?1 ORDER BY lane LIMIT 1", id)
    }

    private func firstDue(in lane: Int64) throws -> Int64? {
        try first(
            "SELECT due FROM dispatches WHERE is_open > 1 AND lane = ?1 AND is_open = 2 ORDER BY due LIMIT 1", lane)
    }

    private func first(_ sql: String, _ value: Int64) throws -> Int64? {
        try database.withStatement(sql) {
            try $0.bind(value, at: 1)
            return try $0.firstRow { try $0.integer(0) }
        }
    }

    /// Whose lane it is; `nil`, and noted, when that cannot be read.
    func recipient(of lane: Int64) throws -> Address? {
        let text = try database.withStatement("SELECT recipient FROM lanes WHERE id = ?1") {
            try $0.bind(lane, at: 1)
            return try $0.firstRow { try $0.text(0) }
        }
        guard let text else {
            note("lanes \(lane)", "the row is missing")
            return nil
        }
        return address(text, "lanes \(text)")
    }

    /// Reads an address; `nil`, and noted, when it cannot be read.
    func address(_ text: String, _ place: String) -> Address? {
        do throws(MessageError) {
            return try Address(parsing: text)
        } catch {
            note(place, "\(error)")
            return nil
        }
    }
}
