public import Files
public import Messages
import SQLite

/// The subscriptions in a spool that may belong to a running router: they are only read.
public enum StoredSubscriptions {
    /// Gives each subscription to the body, in the order of their numbers; none when there is no spool, or one of an older
    /// release. Blocks on the disk.
    ///
    /// - Throws: ``SpoolError`` when the file cannot be read.
    public static func forEach(in folder: FilePath, _ body: (Subscription) -> Void) throws(SpoolError) {
        let path = SpoolPaths(folder: folder).database
        do {
            guard try FileSystem.posix.info(path) != nil else { return }
            let database = try Database(path: path.text, mode: .reader)
            let tables = "SELECT count(*) FROM sqlite_schema WHERE name = 'subscriptions'"
            guard try database.integer(tables) == 1 else { return }
            let reader = SpoolReader(database)
            var last: Int64 = 0
            while let end = try read(reader, after: last, body) { last = end }
        } catch {
            throw SpoolError(error)
        }
    }

    private static func read(
        _ reader: SpoolReader, after last: Int64, _ body: (Subscription) -> Void
    ) throws -> Int64? {
        let page = try reader.subscriptions(after: last, of: nil, limit: 10_000)
        page.forEach(body)
        return page.last?.id
    }
}
