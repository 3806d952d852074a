import Configuration
import Messages
import Stages
import Testing

@testable import Routing

@Suite struct RouterConfigurationTests {
    @Test("an empty file is a router with a mailbox of its own")
    func empty() throws {
        let (loaded, diagnostics) = load("{}")
        #expect(diagnostics == [])
        let configuration = try #require(loaded)
        let local = try Address(parsing: "local:postmaster")
        #expect(configuration.router == RouterSettings(name: "hq.example", postmaster: local))
        #expect(configuration.mailboxes.map(\.name) == ["local"])
        #expect(configuration.mailboxes.first?.adapter == "inbox")
        #expect(configuration.table.unrouted == local)
        #expect(configuration.files == ["routes.yaml"])
    }

    @Test("every key of the file is read")
    func full() throws {
        let (loaded, diagnostics) = load(Self.fullFile)
        #expect(diagnostics == [])
        let configuration = try #require(loaded)
        #expect(
            configuration.router
                == RouterSettings(
                    name: "post.example", data: "/var/lib/postroad",
                    listen: ListenSettings([
                        .init(.http, "0.0.0.0:80"), .init(.smtp, "127.0.0.1:2525"), .init(.lmtp, "[::1]:24"),
                    ]),
                    limits: RouterSettings.Limits(
                        message: ByteCount(bytes: 1 << 20), spool: ByteCount(bytes: 1 << 30), hops: 4, depth: 2),
                    retention: .seconds(86_400), postmaster: try Address(parsing: "work:admin"),
                    publicURL: "https://post.example"))
        let work = try #require(configuration[mailbox: "work"])
        #expect(work.concurrency == 4)
        #expect(work.rate == Rate(parsing: "10/s"))
        #expect(work.expires == .seconds(3_600))
        let schedule = RetrySettings.Schedule(first: .seconds(1), factor: 1.5, maximum: .seconds(60))
        var rejected = schedule
        rejected.attempts = 1
        #expect(work.retry == RetrySettings(deferred: schedule, unknown: schedule, rejected: rejected))
        #expect(work.settings.secret("token").reveal() == "xoxb")
        let route = try #require(configuration.table.routes.first)
        #expect(route.name == "Swift")
        #expect(route.patterns.map(\.description) == ["news:*", "work:**"])
        #expect(route.chain.steps.map(\.name) == ["brief/truncate", "set"])
        #expect(route.targets.map(\.description) == ["work:C1", "other.example!work:C2"])
        #expect(route.stops)
        #expect(route.location == "routes.yaml:16")
        #expect(configuration.table.unrouted == (try Address(parsing: "work:rest")))
        #expect(configuration.tests.map(\.name) == ["Swift comes through"])
    }

    private static let fullFile = """
        router:
          name: post.example
          data: /var/lib/postroad
          listen: {http: "0.0.0.0:80", smtp: "127.0.0.1:2525", lmtp: "[::1]:24"}
          limits: {message: 1MiB, spool: 1GiB, hops: 4, depth: 2}
          retention: 1d
          postmaster: work:admin
          public_url: https://post.example
        mailboxes:
          news: {adapter: feed, url: "https://example.org/feed"}
          work: {adapter: slack, token: xoxb, concurrency: 4, rate: 10/s, expires: 1h,
            retry: {first: 1s, factor: 1.5, maximum: 1m}}
        stages:
          brief: [{truncate: 280}]
        routes:
          - name: Swift
            match: ["news:*", "work:**"]
            where: {subject: /swift/i}
            via: [brief, {set: {priority: high}}]
            to: [work:C1, "other.example!work:C2"]
            stop: true
        unrouted: work:rest
        tests:
          - name: Swift comes through
            given: {topic: "news:x", subject: Swift}
            expect: {to: [work:C1, "other.example!work:C2"]}
        """

    @Test("files that are included add to the lists, and their routes know where they stand")
    func included() throws {
        let (loaded, diagnostics) = load(
            mailboxes + "include: routes.d/*.yaml\nroutes:\n  - {match: news:a, to: work:C1}\n",
            others: ["routes.d/b.yaml": "routes:\n  - {match: news:b, to: work:C2}\n"])
        #expect(diagnostics == [])
        let configuration = try #require(loaded)
        #expect(configuration.table.routes.map(\.location) == ["routes.yaml:6", "routes.d/b.yaml:2"])
        #expect(configuration.files == ["routes.yaml", "routes.d/b.yaml"])
        #expect(configuration.includePatterns == ["routes.d/*.yaml"])
    }

    @Test(
        "the folder of the data is that of the file which names it",
        arguments: [
            ("", [:], "/etc/post/data"), ("router: {data: spool}", [:], "/etc/post/spool"),
            ("router: {data: /srv}", [:], "/srv"), ("", ["POSTROAD_ROUTER__DATA": "here"], "here"),
        ] as [(String, [String: String], String)])
    func data(text: String, environment: [String: String], expected: String) throws {
        let loader = ConfigurationLoader(
            environment: environment, disk: MemoryDisk(files: ["/etc/post/routes.yaml": text]),
            topLevelKeys: RouterConfiguration.topLevelKeys)
        let (configuration, _) = RouterConfiguration.load(
            "/etc/post/routes.yaml", loader: loader, adapters: adapters, hostName: "hq")
        #expect(configuration?.router.data == expected)
    }

    @Test("the mailbox local can be declared as any other")
    func local() throws {
        let (loaded, diagnostics) = load("mailboxes: {local: {adapter: slack, token: x}}")
        #expect(diagnostics == [])
        #expect(loaded?.mailboxes.map(\.adapter) == ["slack"])
    }

    @Test("a file that cannot be read is no configuration")
    func missing() {
        let loader = ConfigurationLoader(environment: [:], disk: MemoryDisk(files: [:]), topLevelKeys: [])
        let (configuration, diagnostics) = RouterConfiguration.load(
            "routes.yaml", loader: loader, adapters: adapters, hostName: "hq")
        #expect(configuration == nil)
        #expect(diagnostics.count == 1)
    }

    @Test("what the schemas declare is sound")
    func schemas() {
        #expect(RouterSchema.top.faults.map(\.description) == [])
        #expect(RouterSchema.mailbox.faults.map(\.description) == [])
    }
}

@Suite struct ConfigurationDifferenceTests {
    @Test("a reload knows which mailboxes changed")
    func mailboxes() throws {
        func loaded(_ text: String) throws -> RouterConfiguration { try #require(load(text).configuration) }
        let old = try loaded(
            """
            mailboxes: {a: {adapter: slack, token: x}, b: {adapter: slack, token: x}, c: {adapter: slack, token: x},
              d: {adapter: slack, token: x}}
            """)
        let new = try loaded(
            """
            router: {name: other, listen: {http: "127.0.0.1:1"}, data: else}
            mailboxes: {e: {adapter: slack, token: x}, d: {adapter: inbox}, b: {adapter: slack, token: y},
              a: {token: "x", adapter: slack, expires: 5d}}
            """)
        let difference = new.difference(from: old)
        #expect(difference.added == ["e"])
        #expect(difference.removed == ["c"])
        #expect(difference.changed == ["d", "b"])
        #expect(difference.unchanged == ["a", "local"])
        #expect(difference.needsRestart == ["router.name", "router.data", "router.listen"])
        #expect(old.difference(from: old).needsRestart == [])
    }
}
