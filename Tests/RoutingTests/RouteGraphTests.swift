import Configuration
import Messages
import Testing

@testable import Routing

@Suite struct RouteGraphTests {
    private static let file = """
        stages: {brief: [{truncate: 280}]}
        routes:
          - {name: 'say "hi" <b>', match: ["news:a", "news:b/**"], via: [brief], to: [work:x, work:y]}
          - {name: all, match: "*:**", to: work:x}
        """

    private func table() throws -> RouteTable { try configuration(Self.file).table }

    private func count(
        _ source: String, _ route: String, _ recipient: String, _ messages: Int, failed: Int = 0
    ) -> RouteCount {
        RouteCount(
            source: source, route: RouteOrigin(name: route), recipient: recipient,
            load: RouteLoad(messages: messages, failed: failed))
    }

    @Test("each mailbox and recipient is drawn once, and a route leads by its stages")
    func nodes() throws {
        let graph = RouteGraph(try table(), counts: nil)
        #expect(graph.nodes.filter { $0.kind == .mailbox }.map(\.lines) == [["news"], ["every mailbox"]])
        #expect(graph.nodes.filter { $0.kind == .recipient }.map(\.lines) == [["work:x"], ["work:y"]])
        #expect(graph.nodes.filter { $0.kind == .stages }.map(\.lines) == [["brief/truncate"]])
        #expect(graph.edges.count == 6 && graph.edges.allSatisfy { $0.load == nil })
    }

    @Test("counts stand at the ways that the messages took, those of rules and unnamed recipients too")
    func counts() throws {
        let graph = RouteGraph(
            try table(),
            counts: [
                count("news", "all", "work:x", 5, failed: 2), count("mail", "all", "work:z", 1),
                count("news", "bounce", "local:postmaster", 3),
            ])
        func load(_ from: String, _ to: String) -> RouteLoad? {
            func id(_ line: String) -> String? { graph.nodes.first { $0.lines.first == line }?.id }
            return graph.edges.first { $0.from == id(from) && $0.to == id(to) }?.load
        }
        #expect(load("every mailbox", "all") == RouteLoad(messages: 6, failed: 2))
        #expect(load("all", "work:x") == RouteLoad(messages: 5, failed: 2))
        #expect(load("all", "work:z") == RouteLoad(messages: 1))
        #expect(load("bounce", "local:postmaster") == RouteLoad(messages: 3))
        #expect(load("brief/truncate", "work:y") == RouteLoad())
    }

    @Test("names cannot break out of their quotes")
    func escaping() throws {
        let graph = RouteGraph(try table(), counts: [count("news", "all", "work:\"; x\n<i>\\", 1)])
        #expect(graph.dot.contains(#"label="say \"hi\" <b>\n"#))
        #expect(graph.dot.contains(#"label="work:\"; x <i>\\""#))
        #expect(graph.mermaid.contains("say #quot;hi#quot; #lt;b#gt;<br/>"))
        #expect(graph.mermaid.contains("work:#quot;; x #lt;i#gt;"))
    }
}
