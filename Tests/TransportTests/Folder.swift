import Glibc

/// Lends an empty folder and removes it afterwards.
func withFolder(_ body: (String) async throws -> Void) async throws {
    var template = Array("/tmp/transport-XXXXXX".utf8CString)
    let path = template.withUnsafeMutableBufferPointer { buffer in
        buffer.baseAddress.flatMap { mkdtemp($0) }.map { String(cString: $0) }
    }
    guard let path else { throw FolderError.cannotMake }
    defer {
        for name in ["s", "file", "other"] { unlink("\(path)/\(name)") }
        rmdir(path)
    }
    try await body(path)
}

/// Why there is no folder.
enum FolderError: Error {
    case cannotMake
}
