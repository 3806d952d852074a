import CSQLite
import Synchronization

/// The open file: the one owner of SQLite's connection.
///
/// Statements keep it alive, so that a connection is closed after the last of them, whatever the order they go in.
final class Connection {
    let pointer: OpaquePointer
    let interrupter: Interrupter
    /// Outlives the hook that writes to it, because it goes with the connection.
    let log = LogLength()

    init(path: String, flags: Int32, fileSystem: String? = nil) throws(SQLiteError) {
        var pointer: OpaquePointer?
        let code = sqlite3_open_v2(path, &pointer, flags, fileSystem)
        guard code == SQLITE_OK, let pointer else {
            // "Whether or not an error occurs when it is opened, resources should be released by passing it to
            // sqlite3_close()" (https://sqlite.org/c3ref/open.html).
            let extended = pointer.map { sqlite3_extended_errcode($0) } ?? code
            let message = pointer.map { String(cString: sqlite3_errmsg($0)) } ?? String(cString: sqlite3_errstr(code))
            sqlite3_close(pointer)
            throw .failed(code: ResultCode(rawValue: extended), message: message, operation: "opening \(path)")
        }
        sqlite3_extended_result_codes(pointer, 1)
        self.pointer = pointer
        interrupter = Interrupter(pointer)
    }

    deinit {
        interrupter.disarm()
        // Nothing is left open: every statement and backup holds a reference to this object.
        sqlite3_close_v2(pointer)
    }

    /// The error the connection reports for the call that just failed.
    func error(_ operation: @autoclosure () -> String) -> SQLiteError {
        .failed(
            code: ResultCode(rawValue: sqlite3_extended_errcode(pointer)),
            message: String(cString: sqlite3_errmsg(pointer)), operation: operation())
    }

    /// Throws unless SQLite answered that all is well.
    func check(_ code: Int32, _ operation: @autoclosure () -> String) throws(SQLiteError) {
        guard code == SQLITE_OK else { throw error(operation()) }
    }
}

/// Stops what a connection is doing, from any thread.
public final class Interrupter: Sendable {
    /// The connection's address while it is open.
    ///
    /// A number, because a pointer cannot cross threads: it is only turned back under the lock, which ``disarm()``
    /// takes before the connection is closed.
    private let address: Mutex<UInt>

    init(_ pointer: OpaquePointer) {
        address = Mutex(UInt(bitPattern: pointer))
    }

    func disarm() {
        address.withLock { $0 = 0 }
    }

    /// Makes the statements that run now fail with ``ResultCode/interrupt``; those that start later are not touched.
    public func interrupt() {
        address.withLock { address in
            guard let pointer = OpaquePointer(bitPattern: address) else { return }
            sqlite3_interrupt(pointer)
        }
    }
}
