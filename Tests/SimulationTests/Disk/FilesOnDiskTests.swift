import Files
import Simulation
import Testing

@Suite struct FilesOnDiskTests {
    private let seeds = 0..<40 as Range<UInt64>

    @Test("files and folders are there as on any disk")
    func works() throws {
        let files = MemoryDisk(seed: 1).mount()
        try files.createFolder("/a/b")
        try files.write(Array("one".utf8), to: "/a/b/1")
        try files.append(Array(" more".utf8), to: "/a/b/1")
        try files.move("/a/b/1", to: "/a/2")
        #expect(try files.readText("/a/2", limit: 100) == "one more")
        #expect(try files.list("/a") == ["2", "b"])
        #expect(try files.paths(matching: "/*/2") == ["/a/2"])
        #expect(throws: FileError.failed(operation: .remove, path: "/a", reason: ErrorNumber(rawValue: 39))) {
            try files.remove("/a")
        }
        #expect(try !files.exists("/a/b/1"))
        let lock = try FileLock("/a/lock", files: files)
        #expect(throws: FileError.self) { _ = try FileLock("/a/lock", files: files) }
        _ = consume lock
        _ = try FileLock("/a/lock", files: files)
    }

    @Test("a file that was replaced durably is the old one or the new one after power loss, whole, at every operation")
    func atomic() throws {
        for seed in seeds {
            for number in 0..<20 {
                let disk = MemoryDisk(seed: seed)
                try disk.mount().write([UInt8](repeating: 1, count: 9_000), to: "/file")
                let start = disk.operationCount
                disk.onOperation { $0.number == start + number ? .crash(.powerLoss) : .proceed }
                let isDone = (try? disk.mount().write([UInt8](repeating: 2, count: 12_000), to: "/file")) != nil
                disk.onOperation(nil)
                disk.crash(.powerLoss)
                let bytes = try disk.mount().read("/file", limit: 100_000)
                #expect(Set(bytes).count == 1 && (bytes[0] == 1 ? 9_000 : 12_000) == bytes.count)
                if isDone { #expect(bytes[0] == 2) }
            }
        }
    }

    @Test("what was not synchronized may be lost, torn or there after power loss; all is there when the process dies")
    func unsynchronized() throws {
        var found: Set<String> = []
        for seed in seeds {
            let disk = MemoryDisk(seed: seed)
            // Nothing of a synchronization that was not done reaches the disk in time.
            disk.onOperation { $0.operation == .synchronize && $0.path != "/" ? .crash(.powerLoss) : .proceed }
            #expect(throws: FileError.self) {
                try disk.mount().append([UInt8](repeating: 7, count: 40_000), to: "/file")
            }
            guard let bytes = disk.content(of: "/file") else {
                found.insert("no file")
                continue
            }
            found.insert(
                bytes.isEmpty ? "empty" : bytes.count == 40_000 && bytes.allSatisfy { $0 == 7 } ? "whole" : "torn")
        }
        #expect(found.isSuperset(of: ["no file"]))
        let disk = MemoryDisk(seed: 1)
        try disk.mount().append([UInt8](repeating: 7, count: 40_000), to: "/file")
        disk.crash(.killed)
        #expect(disk.content(of: "/file")?.count == 40_000)
    }

    @Test("a full disk refuses what does not fit, and takes it when there is room")
    func full() throws {
        let disk = MemoryDisk(seed: 1, capacity: 10_000)
        let files = disk.mount()
        try files.write([UInt8](repeating: 1, count: 8_000), to: "/a")
        let error = #expect(throws: FileError.self) { try files.write([UInt8](repeating: 2, count: 4_000), to: "/b") }
        #expect(error?.isFull == true)
        #expect(try files.list("/") == ["a"])
        try files.remove("/a")
        #expect(disk.used == 0)
        try files.write([UInt8](repeating: 2, count: 4_000), to: "/b")
    }

    @Test("what a process had open is worth nothing after a crash")
    func stale() throws {
        let disk = MemoryDisk(seed: 1)
        let before = disk.mount()
        try before.write([1], to: "/a")
        disk.crash(.killed)
        #expect(throws: FileError.self) { try before.write([2], to: "/a") }
        #expect(try disk.mount().read("/a", limit: 10) == [1])
    }
}
