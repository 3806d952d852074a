import Files
import Testing

@Suite struct FolderTests {
    private let files = FileSystem.posix

    @Test("a folder is created with those above it, once or twice")
    func create() throws {
        try withFolder { folder in
            let deep = folder.appending("a/b/c")
            try files.createFolder(deep)
            try files.createFolder(deep)
            #expect(try files.info(deep)?.kind == .folder)
        }
    }

    @Test("a file in the place of a folder is an error")
    func fileInTheWay() throws {
        try withFolder { folder in
            let path = folder.appending("a")
            try files.write([1], to: path)
            #expect(throws: FileError.failed(operation: .createFolder, path: path, reason: .exists)) {
                try files.createFolder(path)
            }
        }
    }

    @Test("names are listed in the order of their bytes")
    func list() throws {
        try withFolder { folder in
            for name in ["b", "a", "ä", "B"] { try files.write([], to: folder.appending(name)) }
            #expect(try files.list(folder) == ["B", "a", "b", "ä"])
            #expect(throws: FileError.self) { try files.list(folder.appending("missing")) }
        }
    }

    @Test("a pattern finds files of one folder, sorted, or none")
    func patterns() throws {
        try withFolder { folder in
            for name in ["2.yaml", "1.yaml", "x.txt", ".hidden.yaml"] {
                try files.write([], to: folder.appending(name))
            }
            #expect(try files.paths(matching: folder.appending("*.yaml")).map(\.name) == ["1.yaml", "2.yaml"])
            #expect(try files.paths(matching: folder.appending("*.json")) == [])
        }
    }

    @Test("size and time of a file are known, a missing one is nothing")
    func info() throws {
        try withFolder { folder in
            try files.write([1, 2, 3], to: folder.appending("a"))
            let info = try #require(try files.info(folder.appending("a")))
            #expect(info.kind == .file && info.size == 3 && info.modified > .seconds(1_600_000_000))
            #expect(try files.info(folder.appending("b")) == nil)
            #expect(try !files.exists(folder.appending("b")))
        }
    }

    @Test("a replaced file has another number")
    func number() throws {
        try withFolder { folder in
            let path = folder.appending("a")
            try files.write([1], to: path)
            let first = try files.info(path)?.number
            try files.write([1], to: path)
            #expect(try files.info(path)?.number != first)
        }
    }

    @Test("removing is done once, then there is nothing to do; a full folder stays")
    func remove() throws {
        try withFolder { folder in
            try files.write([1], to: folder.appending("a"))
            #expect(throws: FileError.self) { try files.remove(folder) }
            try files.remove(folder.appending("a"))
            try files.remove(folder.appending("a"))
            #expect(try files.list(folder) == [])
        }
    }

    @Test("a moved file is under its new name only")
    func move() throws {
        try withFolder { folder in
            try files.write([7], to: folder.appending("a"))
            try files.move(folder.appending("a"), to: folder.appending("b"))
            #expect(try files.list(folder) == ["b"])
        }
    }

    @Test("a lock is held once, and again when it was given back")
    func lock() throws {
        try withFolder { folder in
            let path = folder.appending("lock")
            do {
                let held = try FileLock(path)
                #expect(throws: FileError.failed(operation: .lock, path: path, reason: .wouldBlock)) {
                    let second = try FileLock(path)
                    _ = consume second
                }
                _ = consume held
            }
            let again = try FileLock(path)
            _ = consume again
        }
    }
}
