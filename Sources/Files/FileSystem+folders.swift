import Glibc

extension FileSystem {
    /// Tells what a path leads to; `nil` when there is nothing.
    ///
    /// - Throws: ``FileError`` when that cannot be found out, as in a folder one may not enter.
    public func info(_ path: FilePath) throws(FileError) -> FileInfo? {
        var status = stat()
        do {
            try call(.inspect, path) { stat($0, &status) }
        } catch {
            guard error.isNotFound else { throw error }
            return nil
        }
        return FileInfo(status)
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
            try call(.createFolder, path) { mkdir($0, readableByAll ? 0o755 : 0o700) }
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
        var folder: OpaquePointer?
        try call(.list, path) { text in
            folder = opendir(text)
            return folder == nil ? -1 : 0
        }
        guard let folder else { return [] }
        defer { closedir(folder) }
        var names: [String] = []
        while let name = try nextName(in: folder, path) {
            if name != ".", name != ".." { names.append(name) }
        }
        return names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }

    private func nextName(in folder: OpaquePointer, _ path: FilePath) throws(FileError) -> String? {
        var entry: UnsafeMutablePointer<dirent>?
        try call(.list, path) { _ in
            // `readdir` tells its end and its failure apart by `errno` alone (readdir(3)).
            errno = 0
            entry = readdir(folder)
            return entry == nil && errno != 0 ? -1 : 0
        }
        return entry.map { entry in
            withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: MemoryLayout.size(ofValue: $0.pointee)) {
                    String(cString: $0)
                }
            }
        }
    }

    /// Returns the paths a pattern with `*`, `?` and `[…]` leads to, sorted by their bytes; a `*` passes no `/`.
    ///
    /// - Throws: ``FileError`` when a folder on the way may not be read.
    public func paths(matching pattern: FilePath) throws(FileError) -> [FilePath] {
        var found = glob_t()
        defer { globfree(&found) }
        try call(.list, pattern) { text in
            let code = glob(text, GLOB_ERR | GLOB_NOSORT, nil, &found)
            if code == GLOB_NOSPACE { errno = ENOMEM }
            return code == 0 || code == GLOB_NOMATCH ? 0 : -1
        }
        return (0..<Int(found.gl_pathc)).compactMap { found.gl_pathv[$0].map { String(cString: $0) } }
            .sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
            .map { FilePath($0) }
    }

    /// Removes a file or an empty folder; one that is not there is as good as removed.
    ///
    /// - Throws: ``FileError``, also for a folder that is not empty.
    public func remove(_ path: FilePath) throws(FileError) {
        do {
            try call(.remove, path) { Glibc.remove($0) }
        } catch {
            guard error.isNotFound else { throw error }
        }
    }

    /// Gives a file another name on the same file system, durably; an older file of that name is replaced.
    public func move(_ path: FilePath, to target: FilePath) throws(FileError) {
        try call(.rename, path) { rename($0, target.text) }
        try synchronizeFolder(target.folder)
    }

    /// Returns when the names in the folder are on the disk, as created, moved and removed so far.
    public func synchronizeFolder(_ path: FilePath) throws(FileError) {
        try Descriptor(path, flags: O_RDONLY | O_DIRECTORY, files: self).synchronize()
    }
}
