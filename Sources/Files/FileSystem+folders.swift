import Glibc

extension FileSystem {
    /// Tells what a path leads to; `nil` when there is nothing.
    ///
    /// - Throws: ``FileError`` when that cannot be found out, as in a folder one may not enter.
    public func info(_ path: FilePath) throws(FileError) -> FileInfo? {
        do {
            return try call(.inspect, path) { calls throws(ErrorNumber) in try calls.info(path) }
        } catch {
            guard error.isNotFound else { throw error }
            return nil
        }
    }

    /// Tells whether there is a file, a folder or anything else at the path.
    public func exists(_ path: FilePath) throws(FileError) -> Bool {
        try info(path) != nil
    }

    /// Creates a folder and those above it; one that exists is left as it is.
    ///
    /// - Parameters:
    ///   - path: The folder.
    ///   - readableByAll: Whether others than the user may look into it.
    /// - Throws: ``FileError``, also when something of that name is not a folder.
    public func createFolder(_ path: FilePath, readableByAll: Bool = false) throws(FileError) {
        if let info = try info(path) {
            guard info.kind != .folder else { return }
            throw .failed(operation: .createFolder, path: path, reason: .exists)
        }
        try createFolder(path.folder, readableByAll: readableByAll)
        do {
            try call(.createFolder, path) { calls throws(ErrorNumber) in
                try calls.createFolder(path, mode: readableByAll ? 0o755 : 0o700)
            }
        } catch {
            // Another thread or process may have been faster.
            guard error.reason == .exists else { throw error }
        }
        try synchronizeFolder(path.folder)
    }

    /// Returns the names in a folder, sorted by their bytes, without `.` and `..`.
    ///
    /// - Throws: ``FileError`` when there is no such folder or it may not be read.
    public func list(_ path: FilePath) throws(FileError) -> [String] {
        try call(.list, path) { calls throws(ErrorNumber) in try calls.list(path) }
            .sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }

    /// Returns the paths a pattern with `*`, `?` and `[…]` leads to, sorted by their bytes; a `*` passes no `/`.
    ///
    /// - Throws: ``FileError`` when a folder on the way may not be read.
    public func paths(matching pattern: FilePath) throws(FileError) -> [FilePath] {
        try call(.list, pattern) { calls throws(ErrorNumber) in try calls.paths(matching: pattern) }
            .sorted { $0.text.utf8.lexicographicallyPrecedes($1.text.utf8) }
    }

    /// Removes a file or an empty folder; one that is not there is as good as removed.
    ///
    /// - Throws: ``FileError``, also for a folder that is not empty.
    public func remove(_ path: FilePath) throws(FileError) {
        do {
            try call(.remove, path) { calls throws(ErrorNumber) in try calls.remove(path) }
        } catch {
            guard error.isNotFound else { throw error }
        }
    }

    /// Gives a file another name on the same file system, durably; an older file of that name is replaced.
    public func move(_ path: FilePath, to target: FilePath) throws(FileError) {
        try call(.rename, path) { calls throws(ErrorNumber) in try calls.rename(path, to: target) }
        try synchronizeFolder(target.folder)
    }

    /// Returns when the names in the folder are on the disk, as created, moved and removed so far.
    public func synchronizeFolder(_ path: FilePath) throws(FileError) {
        try Descriptor(path, flags: O_RDONLY | O_DIRECTORY, files: self).synchronize()
    }
}
