import Files
import Glibc

/// The permission bits of a file.
func permissions(of path: FilePath) throws -> UInt32 {
    var status = stat()
    guard stat(path.text, &status) == 0 else {
        throw FileError.failed(operation: .inspect, path: path, reason: .init(rawValue: errno))
    }
    return status.st_mode & 0o777
}
