/// What a file system can do, one call each, as POSIX has it: the operating system's, or one that a simulator keeps.
///
/// Each throws the reason at once, also when a signal interrupted it; ``FileSystem`` then calls again.
public protocol FileCalls: Sendable {
    /// Opens a file and returns its descriptor; `flags` and `mode` as in open(2).
    func open(_ path: FilePath, flags: Int32, mode: UInt32) throws(ErrorNumber) -> Int32
    /// Closes a descriptor.
    func close(_ descriptor: Int32)
    /// Reads where the last read ended; 0 at the end.
    func read(_ descriptor: Int32, into bytes: UnsafeMutableRawBufferPointer) throws(ErrorNumber) -> Int
    /// Writes where the last write ended, and returns how much of it was.
    func write(_ descriptor: Int32, _ bytes: UnsafeRawBufferPointer) throws(ErrorNumber) -> Int
    /// Returns when a file's bytes, or a folder's names, are on the disk.
    func synchronize(_ descriptor: Int32) throws(ErrorNumber)
    /// Takes a file for its holder alone, or fails as ``ErrorNumber/wouldBlock``.
    func lock(_ descriptor: Int32) throws(ErrorNumber)
    /// What an open file is.
    func info(_ descriptor: Int32) throws(ErrorNumber) -> FileInfo
    /// What a path leads to.
    func info(_ path: FilePath) throws(ErrorNumber) -> FileInfo
    /// Creates a folder in one that exists.
    func createFolder(_ path: FilePath, mode: UInt32) throws(ErrorNumber)
    /// The names in a folder, without `.` and `..`, in any order.
    func list(_ path: FilePath) throws(ErrorNumber) -> [String]
    /// The paths that fit a pattern, in any order; none is no failure.
    func paths(matching pattern: FilePath) throws(ErrorNumber) -> [FilePath]
    /// Removes a file or an empty folder.
    func remove(_ path: FilePath) throws(ErrorNumber)
    /// Gives a file another name, in the place of what has it.
    func rename(_ path: FilePath, to target: FilePath) throws(ErrorNumber)
    /// A number that no other temporary file has in its name.
    func uniqueNumber() -> UInt64
}
