import Files
import Messages
import TestSupport
import Testing

@testable import postroad

@Suite struct ConfigurationVerbsTests {
    @Test("what init writes is accepted by check, its tests too")
    func initWrites() async throws {
        try await withTemporaryFolder { folder in
            let path = "\(folder)/routes.yaml"
            let written = await CommandLineRun(["init", "--config", path])
            #expect(written.code == .good)
            #expect(written.answer == "wrote \(path)\n")
            let check = await CommandLineRun(["check", path])
            #expect(check.code == .good)
            #expect(check.answer.isEmpty)
            #expect(check.notes.hasSuffix("1 of 1 tests passed\n"), "\(check.notes)")
        }
    }

    @Test("a file that is not written yet is checked as one that is")
    func unwritten() {
        #expect(ConfigurationFile.faults(in: "mailboxes: {inbox: {adapter: inbox}}\n", path: "a.yaml").isEmpty)
        let faults = ConfigurationFile.faults(
            in: "router: {name: \"b ad\", listen: {http: nowhere}}\n", path: "a.yaml")
        #expect(faults.contains("router.name: ") && faults.contains("\nrouter.listen.http: "), "\(faults)")
    }

    @Test("check finds what only an adapter knows to be wrong, all of it at once")
    func adapterFaults() async throws {
        let text = """
            mailboxes:
              hook: {adapter: webhook, endpoints: {a: {url: "http://a.example"}, b: {url: "http://b.example"}}}
              mail: {adapter: email, address: nobody}
            """
        try await withFile(text) { path, _ in
            let run = await CommandLineRun(["check", path])
            #expect(run.code == .badInput)
            #expect(run.answer.contains("mailboxes.hook.endpoints.a.secret: "))
            #expect(run.answer.contains("mailboxes.hook.endpoints.b.secret: "))
            #expect(run.answer.contains("\(path):3:"))
        }
    }

    @Test("init writes over a file only when told to, and keeps the old one")
    func overwrite() async throws {
        try await withFile("old: file\n") { path, _ in
            let refused = await CommandLineRun(["init", "--silent", "--config", path])
            #expect(refused.code == .badInput)
            #expect(refused.notes.contains("--overwrite"))
            let untouched = try FileSystem.posix.readText(FilePath(path), limit: 100)
            #expect(untouched == "old: file\n")
            #expect(await CommandLineRun(["init", "--silent", "--overwrite", "--config", path]).code == .good)
            let kept = try FileSystem.posix.readText(FilePath("\(path).old"), limit: 100)
            #expect(kept == "old: file\n")
            #expect(await CommandLineRun(["check", path]).code == .good)
        }
    }

    @Test("check reports every fault with its place, as text and as JSON, and ends with 1")
    func check() async throws {
        let text = "mailboxes:\n  inbox: {adapter: inbx}\nrouts: []\nroutes: [{match: \"a:**\", to: nowhere}]\n"
        try await withFile(text) { path, _ in
            let run = await CommandLineRun(["check", path])
            #expect(run.code == .badInput)
            #expect(run.answer.contains("\(path):3:1: "))
            #expect(run.answer.contains("did you mean"))
            #expect(run.answer.split(separator: "\n").count >= 3)
            let json = await CommandLineRun(["check", "--json", "--config", path])
            #expect(json.code == .badInput)
            let rows = try #require(try json.json()["diagnostics"]?.array)
            #expect(rows.count == run.answer.split(separator: "\n").count)
            #expect(rows.contains { $0["line"] == 3 && $0["key"]?.string == "routs" })
        }
    }

    @Test("a test of the file that fails fails the check")
    func failingTest() async throws {
        let text = """
            mailboxes: {inbox: {adapter: inbox}, api: {adapter: http}}
            routes: [{match: "api:**", to: "inbox:me"}]
            tests: [{given: {topic: "api:x"}, expect: {to: ["inbox:you"]}}]
            """
        try await withFile(text) { path, _ in
            let run = await CommandLineRun(["check", path])
            #expect(run.code == .badInput)
            #expect(run.answer.contains("inbox:you"))
            #expect(run.notes.hasSuffix("0 of 1 tests passed\n"))
        }
    }

    @Test("no secret is shown by config show, whole or in part, nor by check and explain")
    func secrets() async throws {
        try await withConfiguration { path, _ in
            for words in [
                ["config", "show"], ["config", "show", "mailboxes"], ["config", "show", "mailboxes.api"],
                ["config", "show", "mailboxes.api.tokens"], ["config", "show", "mailboxes.api.tokens.ci"],
                ["check", "--json"], ["explain", "api:x"],
            ] {
                let run = await CommandLineRun(words + ["--config", path])
                #expect(run.code == .good, "\(words): \(run.notes)")
                #expect(!run.answer.contains("horse") && !run.notes.contains("horse"), "\(words)")
            }
            #expect(await CommandLineRun(["config", "show", "--config", path]).answer.contains("ci: ***") == true)
        }
    }

    @Test("config show knows keys, and says when there is none")
    func keys() async throws {
        try await withConfiguration { path, _ in
            let name = await CommandLineRun(["config", "show", "router.name", "--config", path])
            #expect(name.answer == "test.example\n")
            let none = await CommandLineRun(["config", "show", "router.nme", "--config", path])
            #expect(none.code == .badInput)
            #expect(none.notes.contains("router.nme"))
            #expect(await CommandLineRun(["config", "show", "a..b", "--config", path]).code == .wrongUsage)
        }
    }

    @Test("explain says where a message goes without a router")
    func explain() async throws {
        try await withConfiguration { path, _ in
            let run = await CommandLineRun(["explain", "api:x", "--config", path])
            #expect(run.answer.contains("inbox:everyone"))
            let json = await CommandLineRun(["explain", "api:x", "--json", "--config", path])
            #expect(throws: Never.self) { try json.json() }
            let bad = await CommandLineRun(["explain", "api:x", "--meta", "colour", "--config", path])
            #expect(bad.code == .wrongUsage)
            #expect(bad.notes.contains("--meta takes NAME=VALUE, found \"colour\""))
        }
    }

    @Test("a file that is not there is told, with what to do", arguments: ["serve", "send hi", "spool list"])
    func noFile(line: String) async throws {
        try await withTemporaryFolder { folder in
            let run = await CommandLineRun(
                line.split(separator: " ").map(String.init) + ["--config", "\(folder)/x.yaml"])
            #expect(run.code == .badInput)
            #expect(run.notes.contains("\(folder)/x.yaml"))
        }
    }

    @Test("the version is printed")
    func version() async {
        #expect(await CommandLineRun("version").answer == "postroad \(Postroad.version)\n")
        #expect(await CommandLineRun("--version").answer == "postroad \(Postroad.version)\n")
    }
}
