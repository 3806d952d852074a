import Configuration
import Files
import Glibc

/// What a verb reads: a file, or standard input under the name `-`.
enum InputFile {
    /// The most bytes that are read.
    static let limit = 64 << 20

    /// The bytes of the file.
    ///
    /// - Throws: ``CommandError/input(_:)`` when it cannot be read or is larger than 64 MiB.
    static func read(_ path: String) throws -> [UInt8] {
        path == "-" ? try readStandardInput() : try FileSystem.posix.read(path, limit: limit)
    }

    private static func readStandardInput() throws -> [UInt8] {
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = Glibc.read(STDIN_FILENO, &buffer, buffer.count)
            if count == 0 { return bytes }
            guard count > 0 else {
                if errno == EINTR { continue }
                throw CommandError.input("standard input cannot be read: \(String(cString: strerror(errno)))")
            }
            bytes += buffer[..<count]
            guard bytes.count <= limit else { throw CommandError.input("standard input has more than 64 MiB") }
        }
    }
}
