import Files
import Messages
import TestSupport
import Testing
import Transport

@testable import Feed

@Suite("A look at a feed")
struct FeedInspectorTests {
    @Test("a feed on the web or in a file is shown as it would be posted")
    func json() async throws {
        try await withMailbox { mailbox in
            mailbox.server.answer("/f", body: rss(["2", "1"], ttl: 60))
            let inspector = FeedInspector(client: mailbox.client, now: mailbox.clock.now)
            let document = try await inspector.read("\(mailbox.origin)/f")
            let json = try inspector.json(of: document)
            #expect(json["format"] == "rss" && json["title"] == "N" && json["interval_seconds"] == 3_600)
            #expect(json["posts"]?.array?.compactMap { $0["subject"]?.string } == ["T1", "T2"])
            try await withTemporaryFolder { folder in
                let path = FilePath(folder).appending("f.xml")
                try FileSystem.posix.write(Array(rss(["2", "1"], ttl: 60).utf8), to: path)
                for place in [path.text, "file:\(path)", "file://\(path)"] {
                    #expect(try inspector.json(of: await inspector.read(place)) == json)
                }
            }
        }
    }

    @Test("a place without a feed is refused with the reason")
    func refused() async throws {
        try await withMailbox { mailbox in
            let inspector = FeedInspector(client: mailbox.client, now: mailbox.clock.now)
            mailbox.server.answer("/page", body: "<html><link rel=alternate type=application/rss+xml href=/rss></html>")
            for (place, reason) in [
                ("\(mailbox.origin)/none", "404"), ("\(mailbox.origin)/page", "\(mailbox.origin)/rss"),
                ("/nowhere", "no file"),
            ] {
                let error = await #expect(throws: FeedInspectionError.self) { try await inspector.read(place) }
                #expect(error?.description.contains(reason) == true, "\(String(describing: error))")
            }
        }
    }
}
