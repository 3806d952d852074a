public import Files
public import Messages
import SQLite

/// What users have arranged, in a spool that may belong to a running router: it is only read.
public struct StoredDirectory {
    private let reader: SpoolReader

    private static let pageSize = 10_000

    /// Opens the spool of a folder; `nil` when there is none, or one of an older release.
    ///
    /// Blocks on the disk, as all functions of this do.
    ///
    /// - Throws: ``SpoolError`` when the file cannot be read.
    public init?(folder: FilePath) throws(SpoolError) {
        let path = SpoolPaths(folder: folder).database
        do {
            guard try FileSystem.posix.info(path) != nil else { return nil }
            let database = try Database(path: path.text, mode: .reader)
            let tables = "SELECT count(*) FROM sqlite_schema WHERE name = 'list_members'"
            guard try database.integer(tables) == 1 else { return nil }
            reader = SpoolReader(database)
        } catch {
            throw SpoolError(error)
        }
    }

    /// Gives each subscription to the body, in the order of their numbers.
    ///
    /// - Throws: ``SpoolError``
    public func forEachSubscription(_ body: (Subscription) -> Void) throws(SpoolError) {
        var last: Int64 = 0
        do {
            while true {
                let page = try reader.subscriptions(after: last, of: nil, limit: Self.pageSize)
                page.forEach(body)
                guard let end = page.last else { return }
                last = end.id
            }
        } catch {
            throw SpoolError(error)
        }
    }

    /// The lists that were made at run time.
    ///
    /// - Throws: ``SpoolError``
    public func lists() throws(SpoolError) -> [ListRecord] {
        do {
            return try reader.lists()
        } catch {
            throw SpoolError(error)
        }
    }

    /// Gives each decision about the members of lists to the body.
    ///
    /// - Throws: ``SpoolError``
    public func forEachMembership(_ body: (ListMembership) -> Void) throws(SpoolError) {
        var last: ListMembership?
        do {
            while true {
                let page = try reader.memberships(after: last, limit: Self.pageSize)
                page.forEach(body)
                guard let end = page.last else { return }
                last = end
            }
        } catch {
            throw SpoolError(error)
        }
    }
}
