import Messages
import SQLite

/// The recipients and routes that have a number.
struct SpoolNames: Sendable, Hashable {
    var lanes: Set<Int64> = []
    var routes: Set<Int64> = []

    var count: Int { lanes.count + routes.count }
}

extension SpoolWriter {
    /// Begins to note which names are used, because others are about to be removed.
    func watchNames() {
        usedNames = SpoolNames()
    }

    /// Removes names, except those that were used since ``watchNames()``.
    ///
    /// The newest of each kind stays, so that a number is never given again: the lanes in memory go by it.
    func removeNames(_ unused: SpoolNames) throws {
        guard let used = usedNames else { return }
        for id in unused.lanes.subtracting(used.lanes) {
            try remove("DELETE FROM lanes WHERE id = ?1 AND id < (SELECT max(id) FROM lanes)", id)
        }
        for id in unused.routes.subtracting(used.routes) {
            try remove("DELETE FROM routes WHERE id = ?1 AND id < (SELECT max(id) FROM routes)", id)
        }
        forgetNames()
    }

    private func remove(_ sql: String, _ id: Int64) throws {
        try database.withStatement(sql) {
            try $0.bind(id, at: 1)
            try $0.run()
        }
    }

    /// Notes no more which names are used.
    func endWatchingNames() {
        usedNames = nil
    }
}
