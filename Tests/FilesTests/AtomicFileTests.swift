import Files
import Testing

@Suite struct AtomicFileTests {
    private let files = FileSystem.posix

    @Test("a file that is not committed leaves nothing behind")
    func abandoned() throws {
        try withFolder { folder in
            do {
                var file = try AtomicFile(folder.appending("a"))
                try file.write([1, 2])
                #expect(try files.list(folder).count == 1)
            }
            #expect(try files.list(folder) == [])
        }
    }

    @Test("parts appear as one file on commit")
    func parts() throws {
        try withFolder { folder in
            var file = try AtomicFile(folder.appending("a"))
            try file.write([1, 2])
            try file.write([3])
            try file.commit()
            #expect(try files.list(folder) == ["a"])
            #expect(try files.read(folder.appending("a"), limit: 9) == [1, 2, 3])
        }
    }

    @Test(
        "when a step fails the old content stays and no temporary file does",
        arguments: [FileOperation.create, .write, .synchronize, .rename])
    func failure(operation: FileOperation) throws {
        try withFolder { folder in
            let path = folder.appending("a")
            try files.write([1], to: path)
            let full = diskRefusing(operation, with: .noSpace)
            let error = #expect(throws: FileError.self) { try full.write([2, 2], to: path) }
            #expect(error?.isFull == true)
            #expect(try files.read(path, limit: 9) == [1])
            #expect(try files.list(folder) == ["a"])
        }
    }

    @Test("a failure to make the name durable is told, though the file is there")
    func folderFailure() throws {
        try withFolder { folder in
            let broken = diskRefusing(.synchronize, with: .inputOutput, suffix: folder.name)
            #expect(throws: FileError.failed(operation: .synchronize, path: folder, reason: .inputOutput)) {
                try broken.write([2], to: folder.appending("a"))
            }
        }
    }

    @Test("a real full device is a full disk")
    func fullDevice() {
        let error = #expect(throws: FileError.self) { try files.append([1], to: "/dev/full") }
        #expect(error == .failed(operation: .write, path: "/dev/full", reason: .noSpace))
    }
}
