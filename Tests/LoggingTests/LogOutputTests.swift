import Glibc
import Messages
import TestSupport
import Testing

@testable import Logging

private func content(of path: String) throws -> String {
    let file = try #require(fopen(path, "r"))
    defer { fclose(file) }
    var bytes: [UInt8] = []
    var byte = getc(file)
    while byte != EOF {
        bytes.append(UInt8(truncatingIfNeeded: byte))
        byte = getc(file)
    }
    return String(decoding: bytes, as: UTF8.self)
}

private func expect(_ path: String, contains expected: String) throws {
    let found = try content(of: path)
    #expect(found == expected)
}

@Suite struct LogFileTests {
    @Test("lines are added to what the file already holds, across restarts")
    func append() async throws {
        try await withTemporaryFolder { folder in
            for line in ["one\n", "two\n"] {
                let file = try LogFile(path: "\(folder)/log")
                #expect(file.write(Array(line.utf8)))
            }
            try expect("\(folder)/log", contains: "one\ntwo\n")
        }
    }

    @Test("after a rotation, reopen() goes on in a new file and leaves the old one alone")
    func rotation() async throws {
        try await withTemporaryFolder { folder in
            let file = try LogFile(path: "\(folder)/log")
            #expect(file.write(Array("one\n".utf8)))
            try #require(rename("\(folder)/log", "\(folder)/log.1") == 0)
            #expect(file.write(Array("two\n".utf8)))
            try file.reopen()
            #expect(file.write(Array("three\n".utf8)))
            try expect("\(folder)/log.1", contains: "one\ntwo\n")
            try expect("\(folder)/log", contains: "three\n")
        }
    }

    @Test("when the path cannot be opened anew, lines go on to the old file")
    func failedRotation() async throws {
        try await withTemporaryFolder { folder in
            let inner = "\(folder)/inner"
            try #require(mkdir(inner, 0o700) == 0)
            let file = try LogFile(path: "\(inner)/log")
            try #require(rename(inner, "\(folder)/moved") == 0)
            #expect(throws: LoggingError.cannotOpen(path: "\(inner)/log", errno: ENOENT)) { try file.reopen() }
            #expect(file.write(Array("still here\n".utf8)))
            try expect("\(folder)/moved/log", contains: "still here\n")
        }
    }

    @Test("a folder that is not there is an error that says what to do")
    func missingFolder() {
        let error = #expect(throws: LoggingError.self) { try LogFile(path: "/nowhere at all/log") }
        #expect(
            error?.description == "cannot open the log file \"/nowhere at all/log\": No such file or directory; "
                + "choose another with --log-file, or let the router's user write there")
    }

    @Test("lines of many tasks do not mix")
    func concurrency() async throws {
        try await withTemporaryFolder { folder in
            let file = try LogFile(path: "\(folder)/log")
            let logger = Logger(sink: LogWriter(format: .json, output: file) { Timestamp(seconds: 0) })
            await withTaskGroup(of: Void.self) { group in
                for task in 0..<8 {
                    group.addTask {
                        for number in 0..<100 {
                            logger.info(
                                "line", ["task": task, "number": number, "fill": String(repeating: "x", count: 900)])
                        }
                    }
                }
            }
            let lines = try content(of: "\(folder)/log").split(separator: "\n")
            let found = try Set(lines.map { try JSON(parsing: String($0))["fields"]?["task"]?.string ?? "" })
            #expect(lines.count == 800)
            #expect(found.count == 8)
        }
    }

    @Test("a disk that is full loses lines and nothing else")
    func fullDisk() throws {
        let file = try LogFile(path: "/dev/full")
        #expect(!file.write(Array("line\n".utf8)))
    }
}

@Suite struct StandardErrorOutputTests {
    @Test("a pipe gets the line as it is, without colour")
    func pipes() throws {
        var ends: [CInt] = [0, 0]
        try #require(pipe(&ends) == 0)
        defer {
            close(ends[0])
            close(ends[1])
        }
        let output = StandardErrorOutput(descriptor: ends[1], environment: [:])
        #expect(!output.usesColour)
        #expect(output.write(Array("line\n".utf8)))
        var buffer = [UInt8](repeating: 0, count: 100)
        let count = read(ends[0], &buffer, buffer.count)
        #expect(String(decoding: buffer.prefix(count), as: UTF8.self) == "line\n")
    }

    @Test(
        "a terminal gets colour unless NO_COLOR or TERM=dumb say otherwise",
        arguments: [
            (["TERM": "xterm"], true), ([:], true), (["NO_COLOR": ""], true), (["NO_COLOR": "1"], false),
            (["TERM": "dumb"], false),
        ])
    func terminal(environment: [String: String], usesColour: Bool) throws {
        let terminal = open("/dev/ptmx", O_RDWR | O_NOCTTY)
        try #require(terminal >= 0)
        defer { close(terminal) }
        #expect(StandardErrorOutput(descriptor: terminal, environment: environment).usesColour == usesColour)
    }
}
