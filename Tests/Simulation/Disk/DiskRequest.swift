package import Files

/// One thing that a ``MemoryDisk`` is asked to do.
package struct DiskRequest: Sendable, Hashable {
    /// How many there were before it.
    package let number: Int
    /// What is to be done.
    package let operation: DiskOperation
    /// The file or folder.
    package let path: FilePath
    /// How many bytes are read or written.
    package let size: Int
}
