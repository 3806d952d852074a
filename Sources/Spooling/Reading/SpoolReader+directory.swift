import Messages
import SQLite

/// A row of the table of subscriptions.
enum SubscriptionRow {
    /// The columns that ``read(_:)`` reads.
    static let selection = "SELECT id, pattern, address, created, creator FROM subscriptions"

    /// The subscription; `nil` when its texts cannot be read any more.
    static func read(_ row: borrowing Statement) throws -> Subscription? {
        let id = try row.integer(0)
        guard let pattern = try? TopicPattern(parsing: try row.text(1)),
            let address = try? Address(parsing: try row.text(2))
        else { return nil }
        return Subscription(
            id: id, pattern: pattern, address: address, created: Timestamp(milliseconds: try row.integer(3)),
            creator: try row.text(4))
    }
}

extension SpoolReader {
    /// Subscriptions in the order of their numbers.
    func subscriptions(after id: Int64, of address: Address?, limit: Int) throws -> [Subscription] {
        let condition = address == nil ? "" : " AND address = ?3"
        return try database.withStatement(
            SubscriptionRow.selection + " WHERE id > ?1\(condition) ORDER BY id LIMIT ?2"
        ) { statement in
            try statement.bind(id, at: 1)
            try statement.bind(Int64(limit), at: 2)
            if let address { try statement.bind(address.description, at: 3) }
            return try statement.rows(SubscriptionRow.read)
        }.compactMap { $0 }
    }

    /// The lists, by name.
    func lists() throws -> [ListRecord] {
        try database.withStatement("SELECT name, posting, joining, created FROM lists ORDER BY name") {
            try $0.rows { row in
                ListRecord(
                    name: try row.text(0), posting: try row.text(1), joining: try row.text(2),
                    created: Timestamp(milliseconds: try row.integer(3)))
            }
        }
    }

    /// Decisions in the order of lists and addresses.
    func memberships(after last: ListMembership?, limit: Int) throws -> [ListMembership] {
        try database.withStatement(
            """
            SELECT list, address, role, muted, since, decider FROM list_members
            WHERE (list, address) > (?1, ?2) ORDER BY list, address LIMIT ?3
            """
        ) { statement in
            try statement.bind(last?.list ?? "", at: 1)
            try statement.bind(last?.address.description ?? "", at: 2)
            try statement.bind(Int64(limit), at: 3)
            return try statement.rows { row in
                ListMembership(
                    list: try row.text(0), address: try Address(parsing: try row.text(1)),
                    role: ListMembership.Role(rawValue: try row.text(2)) ?? .member, isMuted: try row.integer(3) != 0,
                    since: Timestamp(milliseconds: try row.integer(4)), decider: try row.text(5))
            }
        }
    }
}
