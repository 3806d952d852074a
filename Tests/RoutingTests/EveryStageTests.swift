import Configuration
import Messages
import Stages
import Testing

@testable import Routing

@Suite struct EveryStageTests {
    /// A file in which every stage stands, as the reference page shows it.
    private var file: String {
        StageRegistry.standard.declarations.map { declaration in
            """
              - name: "\(declaration.name)"
                match: "news:\(declaration.name)"
                via: [\(declaration.example.element)]
                to: work:everything

            """
        }.reduce(mailboxes + "routes:\n", +)
    }

    private var others: [String: String] {
        let files = StageRegistry.standard.declarations.flatMap { $0.example.files.map { ($0.key, $0.value) } }
        return Dictionary(files) { first, _ in first }
    }

    @Test("one file can have every stage, and the files that they name are watched")
    func loads() throws {
        // A copy goes to a mailbox of its own.
        let (configuration, diagnostics) = load(file.replacing("inbox:audit", with: "work:audit"), others: others)
        #expect(diagnostics == [])
        let loaded = try #require(configuration)
        #expect(loaded.table.routes.map(\.name) == StageRegistry.standard.names)
        #expect(Set(loaded.files).isSuperset(of: others.keys))
        #expect(!others.isEmpty)
    }

    @Test("a file that a stage names and that is not there is reported, and nothing else")
    func missing() throws {
        let (configuration, diagnostics) = load(file.replacing("inbox:audit", with: "work:audit"))
        #expect(configuration == nil)
        #expect(diagnostics.count == others.count)
        #expect(diagnostics.allSatisfy { $0.hasSuffix("there is no such file") })
    }

    @Test("stages are limited to the mailboxes and adapters of the file")
    func limits() throws {
        let via = "via: [{truncate: 3, only: slack}, {set: {thread: x}, except: news}]"
        let route = "routes:\n  - {match: \"news:**\", to: work:x, \(via)}\n"
        let envelope = try message("news:x", text: "Hello")
        let plan = try configuration(route).table.plan(for: envelope, context: context())
        #expect(plan.dispatches.first?.envelope?.text == "He…")
        #expect(plan.dispatches.first?.envelope?.thread == "x")
        let (_, diagnostics) = load(mailboxes + route.replacing("slack", with: "slak"))
        #expect(diagnostics.map { $0.hasSuffix("none has an adapter of that name; did you mean \"slack\"?") } == [true])
    }
}
