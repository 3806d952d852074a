import Glibc

/// The door to the disk: every file the router reads or writes goes through a value of this type.
///
/// Every method blocks its thread. The value is passed in, so that a test can pass one that fails (``init(fault:)``).
public struct FileSystem: Sendable {
    /// Decides whether a call fails instead of reaching the operating system; `nil` lets it through.
    public typealias Fault = @Sendable (_ operation: FileOperation, _ path: FilePath) -> ErrorNumber?

    /// The disk of this machine.
    public static let posix = FileSystem()

    private let fault: Fault?

    private init() {
        self.fault = nil
    }

    /// Creates a file system on which calls fail as told: a full or broken disk for tests.
    public init(fault: @escaping Fault) {
        self.fault = fault
    }

    /// Makes one system call, again when a signal interrupted it.
    ///
    /// The only place that looks at `errno`.
    @discardableResult
    func call<Result: FixedWidthInteger>(
        _ operation: FileOperation, _ path: FilePath, _ body: (UnsafePointer<CChar>) -> Result
    ) throws(FileError) -> Result {
        // A zero byte would end the path early for the operating system, and name another file.
        guard !path.text.utf8.contains(0) else {
            throw .failed(operation: operation, path: path, reason: .invalid)
        }
        if let reason = fault?(operation, path) { throw .failed(operation: operation, path: path, reason: reason) }
        while true {
            // The reason is read at once: whatever runs later may change `errno`.
            let (result, reason) = path.text.withCString { text in
                let result = body(text)
                return (result, ErrorNumber.last)
            }
            guard result < 0 else { return result }
            guard reason.rawValue == EINTR else { throw .failed(operation: operation, path: path, reason: reason) }
        }
    }
}
