import Configuration
import Messages
import Testing

/// The file that the design shows, with the schema a router would declare for it.
@Suite struct WholeFileTests {
    static let text = """
        router:
          name: hq.example
          data: ./data
          listen: {http: "127.0.0.1:8025", smtp: "127.0.0.1:2525"}
          limits: {message: 25MiB, spool: 10GiB, hops: 16, depth: 8}
          retention: 30d
        mailboxes:
          news: {adapter: feed, feeds: {lobsters: {url: "https://lobste.rs/rss", every: 15m}}}
          work: {adapter: slack, token: "${SLACK_BOT_TOKEN}", signing_secret: "${SLACK_SIGNING_SECRET}"}
          web:  {adapter: h5}
        stages:
          brief: [{truncate: 280}, {template: "*{{subject}}*\\n{{text}}"}]
        routes:
          - name: Swift news for the team
            match: news:lobsters
            where: {subject: /swift/i}
            via: [brief]
            to: [work:C024BE91L, mail:ann@example.org]
          - {match: "web:**", to: desk:support}
        """

    static let schema: SettingsSchema = [
        Setting(
            "router",
            .object([
                Setting("name", .string, isRequired: true, "N."), Setting("data", .path, default: "./data", "D."),
                Setting(
                    "listen", .object([Setting("http", .socketAddress, "H."), Setting("smtp", .socketAddress, "S.")]),
                    "L."),
                Setting(
                    "limits",
                    .object([
                        Setting("message", .byteCount, default: "25MiB", "M."),
                        Setting("spool", .byteCount, default: "10GiB", "S."),
                        Setting("hops", .integer, default: "16", range: SettingRange(1...64), "H."),
                        Setting("depth", .integer, default: "8", "D."),
                    ]), "L."),
                Setting("retention", .duration, default: "30d", "R."),
            ]), "R."),
        Setting("mailboxes", .map(of: .any, keys: .name), "M."),
        Setting("stages", .map(of: .list(of: .any)), "S."),
        Setting(
            "routes",
            .list(
                of: .object([
                    Setting("name", .string, "N."), Setting("match", .list(of: .topicPattern), isRequired: true, "M."),
                    Setting("where", .any, "W."), Setting("via", .list(of: .string), "V."),
                    Setting("to", .list(of: .address), "T."),
                ])), "R."),
    ]

    @Test("the design's own file is understood")
    func design() throws {
        let (node, faults, _) = load(
            ["routes.yaml": Self.text], environment: ["SLACK_BOT_TOKEN": "hush", "SLACK_SIGNING_SECRET": "hush"])
        var diagnostics = Diagnostics()
        let settings = Self.schema.decode(try #require(node), diagnostics: &diagnostics)
        #expect(faults == [])
        #expect(diagnostics.description == "")
        #expect(settings.object("router").object("limits").byteCount("message").bytes == 25 << 20)
        let routes = settings.objectList("routes")
        #expect(routes[0].addresses("to").map(\.description) == ["work:C024BE91L", "mail:ann@example.org"])
        #expect(routes[1].list("match").first?.topicPattern?.description == "web:**")
        #expect(settings.list("routes")[1].keyPath.description == "routes[1]")
        #expect(node?.text("stages.brief[1].template") == "*{{subject}}*\n{{text}}")
    }

    @Test("one mailbox's change leaves the others' settings equal")
    func reload() throws {
        let environment = ["SLACK_BOT_TOKEN": "a", "SLACK_SIGNING_SECRET": "b"]
        let before = try #require(load(["routes.yaml": Self.text], environment: environment).node)
        let moved = "# a comment\n\n" + Self.text.replacing("15m", with: "20m")
        let after = try #require(load(["routes.yaml": moved], environment: environment).node)
        let rotated = try #require(load(["routes.yaml": Self.text], environment: ["SLACK_BOT_TOKEN": "c"]).node)
        let mailbox = { (node: YAMLNode, name: String) in node["mailboxes"]?[name] }
        #expect(mailbox(before, "work") == mailbox(after, "work"))
        #expect(mailbox(before, "news") != mailbox(after, "news"))
        #expect(mailbox(before, "work") != mailbox(rotated, "work"))
    }

    @Test("an object that is not given reads as its defaults")
    func missingObject() {
        let (settings, faults) = decode("router: {name: a}", Self.schema)
        #expect(faults == [])
        #expect(settings.object("router").objectIfGiven("limits") == nil)
        #expect(settings.object("router").object("limits").integer("hops") == 16)
        #expect(settings.object("router").object("listen").stringIfGiven("http") == nil)
    }

    @Test("any file of ours, cut or stirred, is checked without a crash")
    func stirred() {
        let bytes = Array(Self.text.utf8)
        for cut in stride(from: 0, to: bytes.count, by: 3) {
            var stirred = Array(bytes[..<cut])
            if cut > 10 { stirred.swapAt(cut / 2, cut / 3) }
            var diagnostics = Diagnostics()
            guard let node = YAMLNode.parse(stirred, file: "cut", diagnostics: &diagnostics) else {
                #expect(diagnostics.hasErrors)
                continue
            }
            let before = diagnostics.errors.count
            let settings = Self.schema.decode(node, diagnostics: &diagnostics)
            #expect(settings.isValid == (diagnostics.errors.count == before))
            _ = settings.object("router").object("limits").byteCount("message")
            _ = settings.objectList("routes").map { $0.addresses("to") }
        }
    }
}
