import Clocks
import Files
import Glibc
import Logging
import Messages
import Spooling
import TestSupport
import Testing

@Suite struct CrashTests {
    @Test("every acknowledged message survives kill -9 in the middle of commits (I1)", arguments: [5, 150])
    func killed(acknowledgements: Int) async throws {
        try await withFixture { fixture in
            let folder = fixture.folder.text
            await #expect(processExitsWith: .signal(SIGKILL)) {
                [folder = folder as String, acknowledgements = acknowledgements as Int] in
                try await Victim(folder: FilePath(folder)).acceptUntilKilled(after: acknowledgements)
            }
            let lines = try FileSystem.posix.readText(fixture.folder.appending("acknowledged"), limit: 1_000_000)
            let ids = try lines.split(separator: "\n").map { try MessageID(parsing: String($0)) }
            #expect(ids.count >= acknowledgements)
            try await fixture.open { spool in
                try await spool.checkIntegrity()
                for id in ids { #expect(try await spool.trace(of: id)?.dispatches.count == 2) }
                let counts = try await spool.counts()
                #expect(try await spool.list("", limit: 100_000).count == counts.values.reduce(0, +))
                #expect(counts[.trying] == nil)
            }
        }
    }
}

/// What runs in the process that is killed.
private struct Victim {
    let folder: FilePath
    private static let tasks = 16

    /// Accepts and begins without end from many tasks, notes each acknowledgement, and kills itself at one of them,
    /// while the other tasks are anywhere.
    func acceptUntilKilled(after acknowledgements: Int) async throws {
        let fixture = SpoolFixture(folder: folder, clock: ManualClock(), log: LogRecorder())
        try FileSystem.posix.createFolder(folder)
        let list = open(folder.appending("acknowledged").text, O_WRONLY | O_CREAT | O_APPEND, 0o600)
        try await fixture.open { spool in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<Self.tasks {
                    group.addTask { try await accept(spool, fixture, list) }
                }
                var count = 0
                for await batch in spool.committed {
                    count += batch.count / 2
                    // Each task has at most one message committed that it has not noted yet.
                    if count >= acknowledgements + Self.tasks { kill(getpid(), SIGKILL) }
                }
                try await group.waitForAll()
            }
        }
    }

    private func accept(_ spool: SQLiteSpool, _ fixture: SpoolFixture, _ list: CInt) async throws {
        while true {
            let entry = try fixture.entry(to: ["work:a", "work:b"])
            let numbers = try await spool.accept(entry).numbers
            let line = Array("\(entry.envelope.id)\n".utf8)
            // One write of a short line to a file opened for appending is not torn by others (write(2)).
            _ = write(list, line, line.count)
            _ = try await spool.begin([fixture.start(numbers[0])])
        }
    }
}
