import Clocks
import Files
import Spooling
import Testing

@testable import postroad

@Suite struct HelpTests {
    @Test("the overview is what it was")
    func overview() async throws {
        let run = await CommandLineRun("help")
        #expect(run.code == .good)
        try expectGolden(run.answer, "help")
        #expect(await CommandLineRun("--help").answer == run.answer)
    }

    @Test("no words at all are answered by the overview, and are wrong")
    func nothing() async {
        let run = await CommandLineRun("")
        #expect(run.code == .wrongUsage)
        #expect(run.answer.contains("Usage: postroad VERB"))
    }

    @Test("the help of a verb is what it was", arguments: ["spool list", "send", "check", "serve", "trace"])
    func verb(name: String) async throws {
        let run = await CommandLineRun("help \(name)")
        #expect(run.code == .good)
        try expectGolden(run.answer, "help-\(name.split(separator: " ").joined(separator: "-"))")
        #expect(await CommandLineRun("\(name) --help").answer == run.answer)
    }

    @Test("the help of a group is that of its verbs", arguments: ["help spool", "spool --help", "spool -h"])
    func group(line: String) async {
        let run = await CommandLineRun(line)
        #expect(run.code == .good)
        for verb in VerbTable.group("spool") { #expect(run.answer.contains("Usage: postroad \(verb.name)")) }
    }

    @Test("every verb's help names all it takes", arguments: VerbTable.all.map { $0.declaration.name })
    func complete(name: String) async throws {
        let verb = try VerbTable.find(name.split(separator: " ").map(String.init)).verb.declaration
        let text = await CommandLineRun("help \(name)").answer
        for option in verb.options { #expect(text.contains("--\(option.name)")) }
        for argument in verb.arguments { #expect(text.contains("  \(argument.name)")) }
        #expect(text.split(separator: "\n").allSatisfy { $0.count <= 120 })
    }

    @Test("the reference pages in docs are what this release writes", arguments: DocsVerb.pages.map(\.name))
    func pages(name: String) throws {
        let page = try #require(DocsVerb.pages.first { $0.name == name })
        let written = try FileSystem.posix.readText(repository.appending("docs/\(name)"), limit: 4 << 20)
        #expect(page.text == written, "docs/\(name) is stale; run `make docs` and commit it")
    }

    @Test("the filter language of the help is the one that the spool reads")
    func filters() throws {
        for example in ["number=12", "to=hook:*", "topic=news:**", "attempts>=3", "attempts<=3", "age>1h", "age<1h"] {
            #expect(SpoolFilter.prose.contains(example))
            _ = try DispatchFilter(parsing: example, now: SystemClock().now)
        }
        for word in ["state=dead,held", "error~x", "subject~x", "route=x", "accepted<2026-11-20T10:00:00Z"] {
            _ = try DispatchFilter(parsing: word, now: SystemClock().now)
        }
    }
}
