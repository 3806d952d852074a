import Glibc

/// The door to the disk: every file the router reads or writes goes through a value of this type.
///
/// Every method blocks its thread. The value is passed in, so that a test can pass one that fails (``init(fault:)``)
/// or a disk of its own (``init(calls:sqliteName:)``).
public struct FileSystem: Sendable {
    /// Decides whether a call fails instead of reaching the operating system; `nil` lets it through.
    public typealias Fault = @Sendable (_ operation: FileOperation, _ path: FilePath) -> ErrorNumber?

    /// The disk of this machine.
    public static let posix = FileSystem(calls: PosixCalls(), sqliteName: nil)

    let calls: any FileCalls
    /// The name under which SQLite was told of this disk; `nil` for the one that SQLite knows by itself.
    public let sqliteName: String?
    private let fault: Fault?

    /// Creates a file system on which calls fail as told: a full or broken disk for tests.
    public init(fault: @escaping Fault) {
        calls = PosixCalls()
        sqliteName = nil
        self.fault = fault
    }

    /// Creates a file system on other calls than the operating system's.
    ///
    /// - Parameters:
    ///   - calls: What is called.
    ///   - sqliteName: The name of the `sqlite3_vfs` that leads to the same files; `nil` for SQLite's own.
    public init(calls: any FileCalls, sqliteName: String?) {
        self.calls = calls
        self.sqliteName = sqliteName
        fault = nil
    }

    /// Makes one call, again when a signal interrupted it.
    @discardableResult
    func call<Result>(
        _ operation: FileOperation, _ path: FilePath, _ body: (any FileCalls) throws(ErrorNumber) -> Result
    ) throws(FileError) -> Result {
        // A zero byte would end the path early for the operating system, and name another file.
        guard !path.text.utf8.contains(0) else {
            throw .failed(operation: operation, path: path, reason: .invalid)
        }
        if let reason = fault?(operation, path) { throw .failed(operation: operation, path: path, reason: reason) }
        while true {
            do throws(ErrorNumber) {
                return try body(calls)
            } catch {
                guard error.rawValue == EINTR else { throw .failed(operation: operation, path: path, reason: error) }
            }
        }
    }
}
