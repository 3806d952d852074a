import Files
import Testing

@Suite struct ContentTests {
    private let files = FileSystem.posix

    @Test("what is written is read again", arguments: [0, 1, 65_535, 65_536, 65_537, 300_000])
    func roundTrip(size: Int) throws {
        try withFolder { folder in
            let path = folder.appending("a")
            let bytes = (0..<size).map { UInt8(truncatingIfNeeded: $0 &* 31) }
            try files.write(bytes, to: path)
            #expect(try files.read(path, limit: size) == bytes)
            #expect(try files.list(folder) == ["a"])
        }
    }

    @Test("a file beyond the limit is refused by one byte")
    func limit() throws {
        try withFolder { folder in
            let path = folder.appending("a")
            try files.write([1, 2, 3], to: path)
            #expect(throws: FileError.tooLarge(path: path, limit: 2)) { try files.read(path, limit: 2) }
            #expect(try files.read(path, limit: 3) == [1, 2, 3])
        }
    }

    @Test("a device without a size is read to the limit and no further")
    func endless() {
        #expect(throws: FileError.self) { try files.read("/dev/zero", limit: 1_000_000) }
    }

    @Test("text is UTF-8, with or without a byte order mark")
    func text() throws {
        try withFolder { folder in
            let path = folder.appending("a")
            try files.write([0xEF, 0xBB, 0xBF] + Array("héllo".utf8), to: path)
            #expect(try files.readText(path, limit: 100) == "héllo")
            try files.write([0x68, 0xE9], to: path)
            #expect(throws: FileError.notText(path: path)) { try files.readText(path, limit: 100) }
        }
    }

    @Test("appending creates the file and adds to it")
    func append() throws {
        try withFolder { folder in
            let path = folder.appending("log")
            try files.append([1], to: path)
            try files.append([2, 3], to: path)
            #expect(try files.read(path, limit: 10) == [1, 2, 3])
        }
    }

    @Test("a file is private unless it is said to be readable by all")
    func privacy() throws {
        try withFolder { folder in
            try files.write([1], to: folder.appending("secret"))
            try files.write([1], to: folder.appending("public"), readableByAll: true)
            #expect(try permissions(of: folder.appending("secret")) == 0o600)
            #expect(try permissions(of: folder.appending("public")) & 0o044 != 0)
        }
    }

    @Test("a path with a zero byte names no other file")
    func zeroByte() throws {
        try withFolder { (folder) throws in
            let path = folder.appending("a\0b")
            #expect(throws: FileError.failed(operation: .create, path: folder.appending(path.name), reason: .invalid)) {
                try files.append([1], to: path)
            }
            #expect(try files.list(folder) == [])
        }
    }
}
