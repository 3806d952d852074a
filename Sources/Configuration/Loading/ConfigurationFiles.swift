import Synchronization

/// The files that settings name beside the configuration itself: lists of words, tables, members.
///
/// Each is read once in a load, however many settings name it, and all are remembered: a change of one is a reason to reload.
public final class ConfigurationFiles: Sendable {
    private let disk: any ConfigurationDisk
    private let known = Mutex<[String: Result<[UInt8], ConfigurationDiskError>]>([:])

    /// Makes a reader of files.
    public init(disk: any ConfigurationDisk) {
        self.disk = disk
    }

    /// No files: whatever is asked for is not there.
    public static let none = ConfigurationFiles(disk: NoDisk())

    /// The files that were read or tried, sorted.
    public var paths: [String] { known.withLock { $0.keys.sorted() } }

    /// Reads a whole file.
    ///
    /// - Parameters:
    ///   - path: the file as the setting names it; a relative one stands in the folder of the setting's file.
    ///   - position: where the setting stands.
    ///   - limit: the most bytes.
    /// - Returns: the bytes.
    /// - Throws: ``ConfigurationDiskError`` when it cannot be read or is larger.
    public func read(
        _ path: String, namedAt position: SourcePosition, limit: Int
    ) throws(ConfigurationDiskError) -> [UInt8] {
        let path = path.hasPrefix("/") ? path : position.folder + path
        if let result = known.withLock({ $0[path] }) { return try result.get() }
        let result: Result<[UInt8], ConfigurationDiskError>
        do {
            result = .success(try disk.read(path, limit: limit))
        } catch {
            result = .failure(error)
        }
        known.withLock { $0[path] = result }
        return try result.get()
    }

    /// Reads a whole file of text in UTF-8.
    ///
    /// - Throws: ``ConfigurationDiskError`` when it cannot be read, is larger, or is no UTF-8.
    public func text(
        _ path: String, namedAt position: SourcePosition, limit: Int
    ) throws(ConfigurationDiskError) -> String {
        var bytes = try read(path, namedAt: position, limit: limit)[...]
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { bytes = bytes.dropFirst(3) }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw ConfigurationDiskError("\(printable(path)) is no text in UTF-8")
        }
        return text
    }
}

private struct NoDisk: ConfigurationDisk {
    func read(_ path: String, limit: Int) throws(ConfigurationDiskError) -> [UInt8] {
        throw ConfigurationDiskError("\(printable(path)): there is no such file")
    }

    func paths(matching pattern: String) throws(ConfigurationDiskError) -> [String] { [] }
}
