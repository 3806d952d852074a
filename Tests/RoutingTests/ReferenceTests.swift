import Configuration
import Files
import Messages
import Stages
import Testing

@testable import Routing

@Suite struct ReferenceTests {
    @Test("every key and every stage stands on the page")
    func complete() {
        let page = RoutesReference.markdown(adapters: adapters)
        for key in RouterSchema.top.settings + RouterSchema.mailbox.settings + RouterSchema.route.settings {
            #expect(page.contains("| `\(key.name)` |"), "\(key.name)")
        }
        for key in ["listen.http", "limits.hops", "retry.first", "expect.to"] { #expect(page.contains("| `\(key)` |")) }
        for stage in StageRegistry.standard.declarations {
            #expect(page.contains("### `\(stage.name)`: \(stage.summary)"))
            #expect(page.contains("via: [\(stage.example.element)]"))
        }
        #expect(page.contains("### `adapter: feed`\n\nIt only receives.\n\n| key |"))
        #expect(page.contains("| `{{from.user}}` |"))
        #expect(page.contains("| `not_before` |"))
    }

    @Test("the file that the page begins with is sound, and its tests pass")
    func example() throws {
        let page = RoutesReference.markdown(adapters: [])
        let yaml = try #require(page.split(separator: "```yaml\n").dropFirst().first?.split(separator: "```").first)
        let feed = AdapterDescription(
            name: "feed", settings: [Setting("feeds", .any, isRequired: true, "The feeds.")], canSend: false)
        let inbox = AdapterDescription(name: "inbox", canReceive: false)
        let loader = ConfigurationLoader(
            environment: [:], disk: MemoryDisk(files: ["routes.yaml": String(yaml)]),
            topLevelKeys: RouterConfiguration.topLevelKeys)
        let (configuration, diagnostics) = RouterConfiguration.load(
            "routes.yaml", loader: loader, adapters: [feed, inbox], hostName: "hq")
        #expect(diagnostics.map(\.description) == [])
        let results = try #require(configuration).runTests(now: context().now)
        #expect(results.map(\.passed) == [true])
    }

    @Test("the conditions on the page are read")
    func conditions() throws {
        let page = RoutesReference.markdown(adapters: [])
        let yaml = try #require(
            page.split(separator: "```yaml\n").first { $0.hasPrefix("where:") }?.split(separator: "```").first)
        let indented = yaml.split(separator: "\n").map { "    \($0)" }.joined(separator: "\n")
        _ = try configuration("routes:\n  - match: news:x\n    to: work:x\n\(indented)\n")
    }

    @Test("docs/routes.md is what the declarations say")
    func fresh() throws {
        let root = #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
        let path = FilePath("/\(root)/docs/routes.md")
        let page = String(decoding: try FileSystem.posix.read(path, limit: 4 << 20), as: UTF8.self)
        // Sections on adapters come from their manifests, which this room does not know.
        for section in RoutesReference.markdown(adapters: []).split(separator: "\n## ") {
            #expect(page.contains(section), "run make docs: \(section.prefix(40)) is stale")
        }
    }
}
