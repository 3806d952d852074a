import Clocks
import Files
import Logging
import TestSupport
import Testing
import Transport

@testable import Feed

@Suite("Feeds in files")
struct FileTests {
    @Test(
        "a file is read beside the configuration, and again when it has changed",
        arguments: ["file:f.xml", "file:./f.xml"])
    func file(_ url: String) async throws {
        try await withTemporaryFolder { folder in
            let path = FilePath(folder).appending("f.xml")
            try FileSystem.posix.write(Array(rss(["1"]).utf8), to: path)
            try await withMailbox { mailbox in
                try await mailbox.run("feeds: {tech: {url: '\(url)', every: 1m}}", file: "\(folder)/routes.yaml") { _ in
                    await mailbox.passFirst()
                    await mailbox.pass(.seconds(70))
                    #expect(mailbox.router.subjects == ["T1"])
                    try FileSystem.posix.write(Array(rss(["22", "1"]).utf8), to: path)
                    await mailbox.pass(.seconds(70))
                    #expect(mailbox.router.subjects == ["T1", "T22"])
                }
            }
        }
    }

    @Test("a file that is missing fails like a server that does not answer")
    func missing() async throws {
        try await withMailbox { mailbox in
            try await mailbox.run("feeds: {tech: {url: 'file:///nowhere/f.xml', every: 1m}}") { _ in
                await mailbox.passFirst()
                for _ in 0..<3 { await mailbox.pass(.seconds(300)) }
                #expect(mailbox.warnings == ["feed fails"])
                #expect(mailbox.log.text.contains("there is no file /nowhere/f.xml"))
            }
        }
    }
}
