import Glibc

/// The calls of this machine; the only place that looks at `errno`.
struct PosixCalls: FileCalls {
    /// Throws the reason of a call that failed.
    private func check<Result: FixedWidthInteger>(_ body: () -> Result) throws(ErrorNumber) -> Result {
        // The reason is read at once: whatever runs later may change `errno`.
        let result = body()
        guard result < 0 else { return result }
        throw ErrorNumber.last
    }

    func open(_ path: FilePath, flags: Int32, mode: UInt32) throws(ErrorNumber) -> Int32 {
        try check { Glibc.open(path.text, flags | O_CLOEXEC, mode) }
    }

    func close(_ descriptor: Int32) {
        // What had to be on the disk was synchronized before; a failing close has nothing left to lose.
        _ = Glibc.close(descriptor)
    }

    func read(_ descriptor: Int32, into bytes: UnsafeMutableRawBufferPointer) throws(ErrorNumber) -> Int {
        try check { Glibc.read(descriptor, bytes.baseAddress, bytes.count) }
    }

    func write(_ descriptor: Int32, _ bytes: UnsafeRawBufferPointer) throws(ErrorNumber) -> Int {
        try check { Glibc.write(descriptor, bytes.baseAddress, bytes.count) }
    }

    func synchronize(_ descriptor: Int32) throws(ErrorNumber) {
        _ = try check { fsync(descriptor) }
    }

    func lock(_ descriptor: Int32) throws(ErrorNumber) {
        _ = try check { flock(descriptor, LOCK_EX | LOCK_NB) }
    }

    func info(_ descriptor: Int32) throws(ErrorNumber) -> FileInfo {
        var status = stat()
        _ = try check { fstat(descriptor, &status) }
        return FileInfo(status)
    }

    func info(_ path: FilePath) throws(ErrorNumber) -> FileInfo {
        var status = stat()
        _ = try check { stat(path.text, &status) }
        return FileInfo(status)
    }

    func createFolder(_ path: FilePath, mode: UInt32) throws(ErrorNumber) {
        _ = try check { mkdir(path.text, mode) }
    }

    func list(_ path: FilePath) throws(ErrorNumber) -> [String] {
        guard let folder = opendir(path.text) else { throw ErrorNumber.last }
        defer { closedir(folder) }
        var names: [String] = []
        while true {
            // `readdir` tells its end and its failure apart by `errno` alone (readdir(3)).
            errno = 0
            guard let entry = readdir(folder) else { break }
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: MemoryLayout.size(ofValue: $0.pointee)) {
                    String(cString: $0)
                }
            }
            if name != ".", name != ".." { names.append(name) }
        }
        guard errno == 0 else { throw ErrorNumber.last }
        return names
    }

    func paths(matching pattern: FilePath) throws(ErrorNumber) -> [FilePath] {
        var found = glob_t()
        defer { globfree(&found) }
        switch glob(pattern.text, GLOB_ERR | GLOB_NOSORT, nil, &found) {
        case 0, GLOB_NOMATCH: break
        case GLOB_NOSPACE: throw ErrorNumber(rawValue: ENOMEM)
        default: throw ErrorNumber.last
        }
        return (0..<Int(found.gl_pathc)).compactMap { found.gl_pathv[$0].map { FilePath(String(cString: $0)) } }
    }

    func remove(_ path: FilePath) throws(ErrorNumber) {
        _ = try check { Glibc.remove(path.text) }
    }

    func rename(_ path: FilePath, to target: FilePath) throws(ErrorNumber) {
        _ = try check { Glibc.rename(path.text, target.text) }
    }

    func uniqueNumber() -> UInt64 { .random(in: .min ... .max) }
}
