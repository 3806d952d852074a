import Files
import Glibc
import TestSupport

/// The calls of a ``MemoryDisk``, as one process makes them.
struct SimulatedCalls: FileCalls {
    let disk: DiskCore
    /// Keeps SQLite's way to the disk as long as the file system that names it.
    let registration: SQLiteRegistration

    private func perform<Result: Sendable>(
        _ kind: DiskOperation, _ path: String, size: Int = 0,
        half: (inout Volume, inout SeededRandom) -> Void = { _, _ in },
        _ body: (inout Volume) throws(ErrorNumber) -> Result
    ) throws(ErrorNumber) -> Result {
        try disk.perform(kind, path, size: size, since: registration.crashes, half: half, body)
    }

    private func opened(_ descriptor: Int32) throws(ErrorNumber) -> Volume.Opened {
        let found = disk.manage(since: registration.crashes) { $0.opened[descriptor] }
        guard let file = found ?? nil else { throw ErrorNumber(rawValue: EBADF) }
        return file
    }

    func open(_ path: FilePath, flags: Int32, mode: UInt32) throws(ErrorNumber) -> Int32 {
        try perform(.open, path.text) { volume throws(ErrorNumber) in
            let (node, _) = try volume.open(
                path.text, create: flags & O_CREAT != 0, exclusive: flags & O_EXCL != 0)
            if flags & O_DIRECTORY != 0, !volume.nodes[node].isFolder { throw ErrorNumber(rawValue: ENOTDIR) }
            if flags & O_TRUNC != 0 { volume.resize(node, to: 0) }
            return volume.add(Volume.Opened(node: node, path: path.text, appends: flags & O_APPEND != 0))
        }
    }

    func close(_ descriptor: Int32) {
        _ = disk.manage(since: registration.crashes) { $0.close(descriptor) }
    }

    func read(_ descriptor: Int32, into bytes: UnsafeMutableRawBufferPointer) throws(ErrorNumber) -> Int {
        let file = try opened(descriptor)
        return try perform(.read, file.path, size: bytes.count) { volume throws(ErrorNumber) in
            let count = volume.read(file.node, at: file.position, into: bytes)
            volume.move(descriptor, to: file.position + count)
            return count
        }
    }

    func write(_ descriptor: Int32, _ bytes: UnsafeRawBufferPointer) throws(ErrorNumber) -> Int {
        let file = try opened(descriptor)
        return try perform(
            .write, file.path, size: bytes.count,
            half: { $0.writeBeginning(file.node, bytes, at: $0.start(of: file), &$1) },
            { volume throws(ErrorNumber) in
                let start = volume.start(of: file)
                try volume.write(file.node, bytes, at: start)
                volume.move(descriptor, to: start + bytes.count)
                return bytes.count
            })
    }

    func synchronize(_ descriptor: Int32) throws(ErrorNumber) {
        let file = try opened(descriptor)
        try perform(
            .synchronize, file.path, half: { $0.failToSynchronize(file.node, &$1) },
            { volume throws(ErrorNumber) in
                if !disk.ignoresSynchronization { volume.synchronize(file.node, file.path) }
            })
    }

    func lock(_ descriptor: Int32) throws(ErrorNumber) {
        let file = try opened(descriptor)
        try perform(.inspect, file.path) { volume throws(ErrorNumber) in try volume.lock(descriptor) }
    }

    func info(_ descriptor: Int32) throws(ErrorNumber) -> FileInfo {
        let file = try opened(descriptor)
        return try perform(.inspect, file.path) { volume throws(ErrorNumber) in info(file.node, volume) }
    }

    func info(_ path: FilePath) throws(ErrorNumber) -> FileInfo {
        try perform(.inspect, path.text) { volume throws(ErrorNumber) in info(try volume.find(path.text), volume) }
    }

    private func info(_ node: Int, _ volume: Volume) -> FileInfo {
        FileInfo(
            kind: volume.nodes[node].isFolder ? .folder : .file, size: volume.nodes[node].file.seen.size,
            modified: disk.now(), number: UInt64(node))
    }

    func createFolder(_ path: FilePath, mode: UInt32) throws(ErrorNumber) {
        try perform(.createFolder, path.text) { volume throws(ErrorNumber) in
            _ = try volume.make(path.text, isFolder: true)
        }
    }

    func list(_ path: FilePath) throws(ErrorNumber) -> [String] {
        try perform(.list, path.text) { volume throws(ErrorNumber) in
            guard volume.nodes[try volume.find(path.text)].isFolder else { throw ErrorNumber(rawValue: ENOTDIR) }
            return volume.tree.names(in: path.text)
        }
    }

    func paths(matching pattern: FilePath) throws(ErrorNumber) -> [FilePath] {
        try perform(.list, pattern.text) { volume throws(ErrorNumber) in
            volume.tree.seen.keys.sorted().filter { fnmatch(pattern.text, $0, FNM_PATHNAME) == 0 }
                .map { FilePath($0) }
        }
    }

    func remove(_ path: FilePath) throws(ErrorNumber) {
        try perform(.remove, path.text) { volume throws(ErrorNumber) in try volume.remove(path.text) }
    }

    func rename(_ path: FilePath, to target: FilePath) throws(ErrorNumber) {
        try perform(.rename, path.text) { volume throws(ErrorNumber) in
            try volume.rename(path.text, to: target.text)
        }
    }

    func uniqueNumber() -> UInt64 { disk.randomNumber() }
}

extension Volume {
    /// Where the next write of an opened file begins.
    fileprivate func start(of file: Opened) -> Int {
        file.appends ? nodes[file.node].file.seen.size : file.position
    }
}
