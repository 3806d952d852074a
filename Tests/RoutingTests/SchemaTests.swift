import Messages
import Stages
import Testing

@testable import Configuration
@testable import Routing

@Suite struct SchemaTests {
    @Test("the secrets of every adapter are known by the schema of a file")
    func masking() throws {
        var diagnostics = Diagnostics()
        let text = "mailboxes: {work: {adapter: slack, token: xoxb, rate: 1/s}, odd: {adapter: none, password: pw}}"
        let node = try #require(YAMLNode.parse(text, file: "routes.yaml", diagnostics: &diagnostics))
        let shown = node.yaml(maskingSecretsBy: RouterConfiguration.schema(of: node, adapters: adapters))
        #expect(shown.contains("rate: 1/s"))
        #expect(!shown.contains("xoxb"))
        #expect(!shown.contains("pw"))
    }

    @Test("editors are told the keys of every adapter")
    func jsonSchema() throws {
        let text = RouterConfiguration.schema(adapters: adapters).jsonSchema(title: "routes.yaml")
        let schema = try JSON(parsing: Array(text.utf8))
        let kinds = try #require(schema["properties"]?["mailboxes"]?["additionalProperties"]?["anyOf"]?.array)
        #expect(kinds.count == adapters.count)
        #expect(kinds.contains { $0["properties"]?["token"] != nil && $0["properties"]?["rate"] != nil })
    }
}

@Suite struct HostileFileTests {
    private static let seedFile = """
        router: {name: hq.example, limits: {hops: 4}, listen: {http: "127.0.0.1:80"}, postmaster: work:a}
        mailboxes:
          news: {adapter: feed, url: "https://example.org/feed", rate: 10/s}
          work: {adapter: slack, token: xoxb, retry: {first: 1s, factor: 1.5}}
        stages:
          brief: [{truncate: {length: 80, ellipsis: "."}}, {template: "*{{subject | truncate:8}}* {{time | date:'%Y'}}"}]
        routes:
          - name: one
            match: ["news:**", "work:a/*"]
            where: {subject: /swift/i, any: [{meta.a: ">= 5"}, {not: {kind: edit}}]}
            via: [brief, {set: {priority: high, meta.a: 3, expires: 1h}}, {tap: work:x}, {filter: {text: "a*"}}]
            to: [work:C1, "peer!work:C2"]
            stop: true
        unrouted: work:rest
        tests:
          - given: {topic: "news:x", subject: Swift, meta: {a: [1]}, sender: {name: Ann}, parts: []}
            expect: {to: work:C1, text: x, dropped: true}
        """

    @Test("a damaged file is reported or read, and never stops the program", arguments: 0..<60)
    func damaged(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let pieces = [
            "", "~", "[]", "{}", "5", "true", ":", "-", "\"", "{{", "}}", "*", "${X}", "\n", "  ", "!", "é", "a:b",
        ]
        for _ in 0..<10 {
            var text = Array(Self.seedFile)
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                let start = Int.random(in: 0..<text.count, using: &random)
                let end = min(text.count, start + Int.random(in: 0...12, using: &random))
                text.replaceSubrange(start..<end, with: pieces.randomElement(using: &random) ?? "")
            }
            let (configuration, diagnostics) = load(String(text))
            #expect(configuration != nil || !diagnostics.isEmpty)
            _ = try configuration?.runTests(now: context().now)
        }
    }

    @Test(
        "every value of the file may be of any kind",
        arguments: ["~", "[]", "{}", "5", "x", "[~]", "[[]]", "[{}]", "{a: ~}"])
    func kinds(value: String) throws {
        var diagnostics = Diagnostics()
        let node = try #require(YAMLNode.parse(Self.seedFile, file: "routes.yaml", diagnostics: &diagnostics))
        for path in Self.paths(of: node, at: NodePath()) where !path.steps.isEmpty {
            let replaced = Self.replacing(node, path.steps[...], by: value)
            let loaded = LoadedConfiguration(node: replaced, diagnostics: Diagnostics(), files: [])
            let (configuration, found) = RouterConfiguration.read(
                loaded, path: "routes.yaml", adapters: adapters, hostName: "hq.example")
            #expect(configuration != nil || !found.isEmpty, "\(path)")
            _ = try configuration?.runTests(now: context().now)
        }
    }

    private static func paths(of node: YAMLNode, at path: NodePath) -> [NodePath] {
        let inner =
            switch node.content {
            case .scalar: [NodePath]()
            case .sequence(let items): items.enumerated().flatMap { paths(of: $1, at: path.appending($0)) }
            case .mapping(let mapping): mapping.entries.flatMap { paths(of: $0.value, at: path.appending($0.key)) }
            }
        return [path] + inner
    }

    private static func replacing(_ node: YAMLNode, _ steps: ArraySlice<NodePath.Step>, by value: String) -> YAMLNode {
        var node = node
        switch (node.content, steps.first) {
        case (.sequence(var items), .index(let index)?):
            items[index] = replacing(items[index], steps.dropFirst(), by: value)
            node.content = .sequence(items)
        case (.mapping(var mapping), .key(let key)?):
            for index in mapping.entries.indices where mapping.entries[index].key == key {
                mapping.entries[index].value = replacing(mapping.entries[index].value, steps.dropFirst(), by: value)
            }
            node.content = .mapping(mapping)
        default:
            var diagnostics = Diagnostics()
            node = YAMLNode.parse(value, file: "routes.yaml", diagnostics: &diagnostics) ?? node
        }
        return node
    }
}
