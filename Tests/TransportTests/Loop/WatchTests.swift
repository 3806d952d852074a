import Glibc
import Testing
import Transport

/// Writes a file anew.
private func write(_ text: String, to path: String) {
    let descriptor = open(path, O_CREAT | O_TRUNC | O_WRONLY, 0o600)
    _ = Array(text.utf8).withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
    close(descriptor)
}

@Suite struct WatchTests {
    @Test("a file that is written, replaced, removed or made again is noticed")
    func fileChanges() async throws {
        try await withFolder { folder in
            try await withLoop { loop in
                let path = folder + "/file"
                write("1", to: path)
                var changes = loop.changes(ofFileAt: path, quiet: .milliseconds(5)).makeAsyncIterator()
                try await loop.sleep(for: .zero)
                await settle(loop)
                write("22", to: path)
                #expect(await changes.next() != nil)
                write("333", to: folder + "/other")
                #expect(rename(folder + "/other", path) == 0)
                #expect(await changes.next() != nil)
                unlink(path)
                #expect(await changes.next() != nil)
                write("1", to: path)
                #expect(await changes.next() != nil)
            }
        }
    }

    @Test("a stream of changes ends with its loop, and at once without a folder")
    func ends() async throws {
        let loop = try EventLoop.start(name: "test")
        for await _ in loop.changes(ofFileAt: "/nowhere/at/all") { Issue.record("there is no such folder") }
        let changes = loop.changes(ofFileAt: "/tmp/file")
        await loop.stop()
        for await _ in changes {}
        for await _ in loop.changes(ofFileAt: "/tmp/file") { Issue.record("the loop is gone") }
    }

    @Test("signals are told by their numbers")
    func signals() async throws {
        try await withLoop { loop in
            var signals = loop.signals([SIGUSR1, SIGWINCH]).makeAsyncIterator()
            await settle(loop)
            kill(getpid(), SIGUSR1)
            #expect(await signals.next() == SIGUSR1)
            kill(getpid(), SIGWINCH)
            #expect(await signals.next() == SIGWINCH)
        }
    }

    @Test("names get addresses, numbers are left alone, and nonsense is an error")
    func resolve() async throws {
        try await withLoop { loop in
            let local = try await loop.resolve("localhost", port: 7)
            #expect(local.allSatisfy { $0.isLoopback && $0.port == 7 })
            let number = try await loop.resolve("::1", port: 7)
            #expect(number.map { "\($0)" } == ["[::1]:7"])
            for host in ["", "no such name", "a\u{0}b", String(repeating: "a", count: 300)] {
                await #expect(throws: TransportError.self) { try await loop.resolve(host, port: 7) }
            }
        }
    }

    /// Returns when the loop has done all that was asked of it before.
    private func settle(_ loop: EventLoop) async {
        await Task(executorPreference: loop) {}.value
    }
}
