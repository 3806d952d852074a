import Synchronization

/// Lines at the end of a file, which another program may rotate.
public final class LogFile: LogOutput {
    /// The file's path.
    public let path: String
    private let descriptor: Mutex<LogDescriptor>

    /// Opens the file, or makes it with mode 0640.
    ///
    /// - Throws: ``LoggingError/cannotOpen(path:errno:)``
    public init(path: String) throws(LoggingError) {
        self.path = path
        self.descriptor = Mutex(try LogDescriptor(path: path))
    }

    /// Never: a file is read by programs as well.
    public var usesColour: Bool { false }

    /// Writes one line at the end of the file.
    public func write(_ line: [UInt8]) -> Bool {
        descriptor.withLock { $0.write(line) }
    }

    /// Opens the path anew, as after a rotation; no line is lost or written twice meanwhile.
    ///
    /// - Throws: ``LoggingError/cannotOpen(path:errno:)``; then lines go on to where they went before.
    public func reopen() throws(LoggingError) {
        let fresh = try LogDescriptor(path: path)
        var holder = Optional(fresh)
        descriptor.withLock { current in
            if let fresh = holder.take() { current = fresh }
        }
    }
}
