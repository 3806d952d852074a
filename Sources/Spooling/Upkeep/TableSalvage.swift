import SQLite

/// Reads the rows of a table whose pages may be damaged, around the damage.
///
/// From both ends towards the damage; then probes what lies between, in halves, because several places may be damaged
/// with sound rows between them.
struct TableSalvage {
    /// The file that is read.
    let database: Database
    let table: String
    /// The integer primary key.
    let key: String
    let columns: [String]
    /// The keys that there may be; the closer, the better what lies between two damaged places is found.
    let bounds: ClosedRange<Int64>
    /// Takes a row; the key is the first value.
    let take: ([Value]) throws -> Void

    /// How often a gap is halved without finding a row.
    private static let maximumDepth = 10

    /// Reads all rows that can be read.
    ///
    /// - Returns: The ranges of keys in which something could not be read.
    /// - Throws: What `take` throws.
    func run() throws -> [ClosedRange<Int64>] {
        var lost: [ClosedRange<Int64>] = []
        try read(bounds, depth: 0, &lost)
        return lost
    }

    private func read(_ range: ClosedRange<Int64>, depth: Int, _ lost: inout [ClosedRange<Int64>]) throws {
        let up = try scan(range, isAscending: true)
        guard !up.isWhole else { return }
        let lower = up.last.map { $0 + 1 } ?? range.lowerBound
        guard lower <= range.upperBound else { return }
        let down = try scan(lower...range.upperBound, isAscending: false)
        guard !down.isWhole else { return }
        let upper = down.last.map { $0 - 1 } ?? range.upperBound
        guard lower <= upper else { return }
        let found = up.last != nil || down.last != nil
        let gap = lower...upper
        let depth = found ? 0 : depth + 1
        guard depth < Self.maximumDepth, lower < upper else {
            lost.append(gap)
            return
        }
        let middle = lower + (upper - lower) / 2
        try read(lower...middle, depth: depth, &lost)
        try read((middle + 1)...upper, depth: depth, &lost)
    }

    /// Reads rows until the end or the damage.
    private func scan(
        _ range: ClosedRange<Int64>, isAscending: Bool
    ) throws -> (last: Int64?, isWhole: Bool) {
        var last: Int64?
        let names = columns.joined(separator: ", ")
        let statement = try database.prepare(
            """
            SELECT \(names) FROM \(table) NOT INDEXED WHERE \(key) BETWEEN ?1 AND ?2
            ORDER BY \(key) \(isAscending ? "ASC" : "DESC")
            """)
        try statement.bind(range.lowerBound, at: 1)
        try statement.bind(range.upperBound, at: 2)
        while true {
            let row: [Value]
            do throws(SQLiteError) {
                guard try statement.step() else { return (last, true) }
                var values: [Value] = []
                for column in 0..<statement.columnCount { values.append(try statement.value(column)) }
                row = values
            } catch {
                return (last, false)
            }
            guard case .integer(let number)? = row.first, range.contains(number) else { return (last, false) }
            // Rows out of order are damage as well, and would never end.
            if let before = last, isAscending ? number <= before : number >= before { return (last, false) }
            last = number
            try take(row)
        }
    }
}
