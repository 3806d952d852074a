package import Files

/// The disk below a spool: it outlives the router, and can be taken away from it at any operation.
///
/// A disk belongs to one simulation and so to one thread. Everything it does at random it takes from the seed.
package protocol SimulatedDisk: AnyObject {
    /// The folder in which the spool is opened; another one after each crash, if the disk likes.
    var folder: FilePath { get }
    /// The name of the SQLite VFS the database is opened with; `nil` for SQLite's own.
    var vfs: String? { get }
    /// The disk of everything but the database.
    var files: FileSystem { get }
    /// Is asked before each operation of the database and of the files that reaches the disk.
    var beforeOperation: (DiskRequest) -> DiskVerdict { get set }

    /// Takes the disk away from the router that runs: what it has open fails from now on and changes nothing.
    ///
    /// The next router finds what a process that was killed leaves, or a machine that lost its power.
    func crash(_ kind: CrashKind)

    /// Lets go of what the simulation used.
    func remove()
}

/// What a router dies of.
package enum CrashKind: String, Sendable, CaseIterable {
    /// The process: what was written is there, synchronized or not.
    case killed
    /// The machine: of what was not synchronized some is there, some is not, and some is torn.
    case powerLoss
}

/// What is about to be done with the disk.
package enum DiskOperation: String, Sendable, CaseIterable {
    /// Opening or creating a file.
    case open
    /// Reading bytes.
    case read
    /// Writing bytes.
    case write
    /// Changing the length of a file.
    case truncate
    /// Waiting until the bytes of a file are on the platter.
    case synchronize
    /// Removing a file.
    case remove
    /// Giving a file another name.
    case rename
    /// Creating a folder.
    case createFolder
    /// Reading the names in a folder.
    case list
    /// Asking what a path leads to, how long a file is, or taking its lock.
    case inspect
}

/// What becomes of an operation.
package enum DiskVerdict: Sendable, Hashable {
    /// It is done.
    case proceed
    /// It is not done, and fails so: `ENOSPC`, `EIO`.
    case fail(ErrorNumber)
    /// It is not done, nor anything after it: the disk has called ``SimulatedDisk/crash(_:)`` upon itself.
    case crash(CrashKind)
}
