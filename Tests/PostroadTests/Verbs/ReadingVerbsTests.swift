import Files
import Messages
import Testing

@testable import postroad

@Suite struct ReadingVerbsTests {
    private let mail = """
        From: =?utf-8?Q?Ann_=C3=84rmel?= <ann@example.org>\r
        To: support@hq.example\r
        Subject: =?utf-8?Q?Gr=C3=BC=C3=9Fe_=1B=5B31m?=\r
        Date: Fri, 20 Nov 2026 09:00:00 +0000\r
        Message-ID: <1@example.org>\r
        MIME-Version: 1.0\r
        Content-Type: multipart/mixed; boundary=b\r
        \r
        --b\r
        Content-Type: text/plain; charset=utf-8\r
        \r
        Hello,\r
        \r
        \u{1B}]0;owned\u{7} is no title.\r
        --b\r
        Content-Type: application/pdf; name="a\u{202E}fdp.exe"\r
        Content-Transfer-Encoding: base64\r
        \r
        JVBERi0=\r
        --b--\r

        """

    @Test("a mail is shown as the envelope it would become, and cannot steer the terminal")
    func mailText() async throws {
        try await withFile(mail, name: "sample.eml") { path, _ in
            let run = await CommandLineRun(["mail", path])
            #expect(run.code == .good)
            #expect(run.answer.unicodeScalars.allSatisfy { $0 == "\n" || $0.properties.generalCategory != .control })
            #expect(!run.answer.unicodeScalars.contains("\u{202E}"))
            let lines = run.answer.split(separator: "\n", omittingEmptySubsequences: false)
            #expect(lines[0].hasPrefix("id "))
            try expectGolden(lines.dropFirst().joined(separator: "\n"), "mail")
        }
    }

    @Test("a mail as JSON is an envelope that can be sent again")
    func mailJSON() async throws {
        try await withFile(mail, name: "sample.eml") { path, _ in
            let envelope = try Envelope(try await CommandLineRun(["mail", path, "--json"]).json())
            #expect(envelope.from.user == "ann@example.org")
            #expect(envelope.parts.count == 2)
        }
    }

    @Test("a feed is shown as the messages it would become")
    func feed() async throws {
        let path = repository.appending("examples/news.xml").text
        let run = await CommandLineRun(["feed", path])
        #expect(run.code == .good)
        try expectGolden(run.answer, "feed")
        let json = await CommandLineRun(["feed", path, "--json"])
        #expect(throws: Never.self) { try json.json() }
    }

    @Test(
        "what cannot be read ends with 1 and names it", arguments: ["feed", "mail", "check"])
    func nothingThere(verb: String) async throws {
        let run = await CommandLineRun([verb, "no-such-file.xyz"])
        #expect(run.code == .badInput)
        #expect(run.notes.contains("no-such-file.xyz") || run.answer.contains("no-such-file.xyz"))
    }

    @Test("what is no feed is told so")
    func noFeed() async throws {
        try await withFile("just words", name: "words.xml") { path, _ in
            let run = await CommandLineRun(["feed", path])
            #expect(run.code == .badInput)
            #expect(!run.notes.isEmpty)
        }
    }
}
