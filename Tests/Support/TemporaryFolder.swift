import Glibc

/// Runs a test with a folder of its own, and removes the folder afterwards.
public func withTemporaryFolder<Result>(_ body: (String) async throws -> Result) async throws -> Result {
    let base = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
    var template = Array("\(base)/postroad-test.XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else { throw TemporaryFolderError(errno: errno) }
    let path = template.withUnsafeBufferPointer { buffer in
        String(decoding: buffer.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
    defer { remove(folder: path) }
    return try await body(path)
}

/// Why there is no folder.
public struct TemporaryFolderError: Error {
    /// The system's error number.
    public let errno: CInt
}

private func remove(folder: String) {
    if let listing = opendir(folder) {
        while let entry = readdir(listing) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != ".", name != ".." { remove(folder: "\(folder)/\(name)") }
        }
        closedir(listing)
    }
    _ = Glibc.remove(folder)
}
