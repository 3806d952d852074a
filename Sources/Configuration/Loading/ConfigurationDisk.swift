/// The files of a configuration; passed in, so that tests and other stores bring their own.
public protocol ConfigurationDisk: Sendable {
    /// Reads a whole regular file; called on the thread that loads.
    ///
    /// - Parameters:
    ///   - path: the path, relative ones from the working folder.
    ///   - limit: the most bytes to read.
    /// - Returns: the bytes.
    /// - Throws: ``ConfigurationDiskError`` when the file is not there, no regular file, cannot be read or is larger.
    func read(_ path: String, limit: Int) throws(ConfigurationDiskError) -> [UInt8]

    /// The paths that a pattern with `*`, `?` and `[…]` stands for, sorted; none if nothing matches.
    ///
    /// - Throws: ``ConfigurationDiskError`` when a folder cannot be read.
    func paths(matching pattern: String) throws(ConfigurationDiskError) -> [String]
}

/// Why a file of the configuration cannot be read, as a sentence that names the file.
public struct ConfigurationDiskError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The sentence.
    public let description: String

    /// Makes an error of a sentence that names the file.
    public init(_ description: String) {
        self.description = description
    }
}
