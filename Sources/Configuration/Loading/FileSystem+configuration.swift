public import Files

extension FileSystem: ConfigurationDisk {
    /// Reads a regular file.
    ///
    /// - Throws: ``ConfigurationDiskError``; a pipe or device is refused, for reading it could wait for ever.
    public func read(_ path: String, limit: Int) throws(ConfigurationDiskError) -> [UInt8] {
        let file = FilePath(path)
        do {
            let kind = try info(file)?.kind
            if kind == nil || kind == .file { return try read(file, limit: limit) }
        } catch {
            throw ConfigurationDiskError(printable("\(error)", limit: 1_000))
        }
        throw ConfigurationDiskError("cannot read \(printable(path)): it is no regular file")
    }

    /// Finds the paths of a pattern.
    ///
    /// - Throws: ``ConfigurationDiskError`` when a folder cannot be read.
    public func paths(matching pattern: String) throws(ConfigurationDiskError) -> [String] {
        do {
            return try paths(matching: FilePath(pattern)).map(\.text)
        } catch {
            // In a folder that is not there, nothing matches.
            if error.isNotFound { return [] }
            throw ConfigurationDiskError(printable("\(error)", limit: 1_000))
        }
    }
}
