import Messages
import SQLite

extension SpoolWriter {
    /// Keeps a subscription, or finds the older one of the same pattern to the same address.
    func subscribe(
        _ address: Address, to pattern: TopicPattern, by creator: String, at time: Timestamp
    ) throws -> Subscription {
        if let kept = try subscription(of: address, to: pattern) { return kept }
        try database.withStatement(
            "INSERT INTO subscriptions (pattern, address, created, creator) VALUES (?1, ?2, ?3, ?4)"
        ) { statement in
            try statement.bind(pattern.description, at: 1)
            try statement.bind(address.description, at: 2)
            try statement.bind(time.milliseconds, at: 3)
            try statement.bind(creator, at: 4)
            try statement.run()
        }
        return Subscription(
            id: database.lastInsertedRow, pattern: pattern, address: address, created: time, creator: creator)
    }

    private func subscription(of address: Address, to pattern: TopicPattern) throws -> Subscription? {
        try database.withStatement(SubscriptionRow.selection + " WHERE address = ?1 AND pattern = ?2") { statement in
            try statement.bind(address.description, at: 1)
            try statement.bind(pattern.description, at: 2)
            return try statement.firstRow(SubscriptionRow.read) ?? nil
        }
    }

    /// Removes a subscription; `nil` when there is none.
    func unsubscribe(_ id: Int64) throws -> Subscription? {
        let found = try database.withStatement(SubscriptionRow.selection + " WHERE id = ?1") { statement in
            try statement.bind(id, at: 1)
            return try statement.firstRow(SubscriptionRow.read) ?? nil
        }
        try database.withStatement("DELETE FROM subscriptions WHERE id = ?1") { statement in
            try statement.bind(id, at: 1)
            try statement.run()
        }
        return found
    }

    /// Keeps a list, in the place of one of that name.
    func setList(_ list: ListRecord) throws {
        try database.withStatement("INSERT OR REPLACE INTO lists VALUES (?1, ?2, ?3, ?4)") { statement in
            try statement.bind(list.name, at: 1)
            try statement.bind(list.posting, at: 2)
            try statement.bind(list.joining, at: 3)
            try statement.bind(list.created.milliseconds, at: 4)
            try statement.run()
        }
    }

    /// Removes a list and what was decided about its members.
    func removeList(_ name: String) throws {
        for sql in ["DELETE FROM lists WHERE name = ?1", "DELETE FROM list_members WHERE list = ?1"] {
            try database.withStatement(sql) { statement in
                try statement.bind(name, at: 1)
                try statement.run()
            }
        }
    }

    /// Keeps a decision about an address and a list, in the place of an earlier one.
    func setMembership(_ membership: ListMembership) throws {
        try database.withStatement("INSERT OR REPLACE INTO list_members VALUES (?1, ?2, ?3, ?4, ?5, ?6)") { statement in
            try statement.bind(membership.list, at: 1)
            try statement.bind(membership.address.description, at: 2)
            try statement.bind(membership.role.rawValue, at: 3)
            try statement.bind(membership.isMuted ? 1 : 0 as Int64, at: 4)
            try statement.bind(membership.since.milliseconds, at: 5)
            try statement.bind(membership.decider, at: 6)
            try statement.run()
        }
    }
}
