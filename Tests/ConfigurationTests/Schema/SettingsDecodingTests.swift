import Configuration
import Messages
import Testing

/// The settings of a feed, as an adapter declares them.
private let feed: SettingsSchema = [
    Setting("adapter", .choice(["feed"]), isRequired: true, "The adapter."),
    Setting(
        "feeds",
        .map(
            of: .object([
                Setting("url", .url, isRequired: true, "Where the feed is."),
                Setting("every", .duration, default: "15m", range: SettingRange("1m", "7d"), "How often it is read."),
                Setting("token", .secret, "What the server asks for."),
            ]), keys: .name),
        isRequired: true, "The feeds."),
    Setting("size", .byteCount, default: "4MiB", "The largest feed."),
    Setting("retries", .integer, default: "3", range: SettingRange(0...10), "How often a failed read is repeated."),
    Setting("tags", .list(of: .string), default: "[news, feed]", "Labels."),
    Setting("proxy", .object([Setting("host", .socketAddress, default: "[::1]:3128", "The proxy.")]), "A proxy."),
    Setting("where", .any, "Conditions."),
]

@Suite struct SettingsDecodingTests {
    @Test("values are typed, and missing keys have their defaults")
    func values() throws {
        let (settings, faults) = decode(
            "adapter: feed\nfeeds:\n  b: {url: 'https://b.example/x', every: 1h30m, token: t}\n  a: {url: 'http://a'}\nwhere: {x: 1}\n",
            feed)
        #expect(faults == [])
        #expect(settings.isValid)
        let feeds = settings.objects("feeds")
        #expect(feeds.map(\.name) == ["b", "a"])
        #expect(feeds[0].settings.string("url") == "https://b.example/x")
        #expect(feeds[0].settings.duration("every") == .seconds(5_400))
        #expect(feeds[0].settings.secret("token").reveal() == "t")
        #expect(feeds[1].settings.duration("every") == .seconds(900))
        #expect(feeds[1].settings.secretIfGiven("token") == nil)
        #expect(settings.byteCount("size").bytes == 4_194_304)
        #expect(settings.integer("retries") == 3)
        #expect(settings.strings("tags") == ["news", "feed"])
        #expect(settings.objectIfGiven("proxy") == nil)
        #expect(settings.node("where")?["x"]?.scalar?.value == .integer(1))
    }

    @Test("a value knows its place, and a default that it is one")
    func places() throws {
        let (settings, _) = decode("adapter: feed\nfeeds:\n  a:\n    url: http://a\nretries: 2\n", feed, at: "news")
        #expect(settings.position(of: "retries").description == "routes.yaml:5:10")
        #expect(settings.position(of: "size") == settings.position)
        #expect(settings.isGiven("retries"))
        #expect(!settings.isGiven("size"))
        let url = try #require(settings.objects("feeds").first?.settings.value("url"))
        #expect(url.keyPath.description == "news.feeds.a.url")
        #expect(url.position.description == "routes.yaml:4:10")
    }

    @Test("settings are equal when their values are, wherever they stand")
    func equality() {
        let (one, _) = decode("{adapter: feed, feeds: {a: {url: 'http://a'}}}", feed)
        let (moved, _) = decode("\nfeeds:\n  a:\n    url: http://a\nretries: 3\nadapter: feed\n", feed)
        let (other, _) = decode("{adapter: feed, feeds: {a: {url: 'http://a', every: 1h}}}", feed)
        let (secret, _) = decode("{adapter: feed, feeds: {a: {url: 'http://a', token: t}}}", feed)
        #expect(one == moved)
        #expect(one.hashValue == moved.hashValue)
        #expect(one != other)
        #expect(one != secret)
    }

    @Test("a file with ten faults gives ten diagnostics, in the order of the file")
    func tenFaults() {
        let (settings, faults) = decode(
            """
            adapter: fed
            feeds:
              One: {url: 'http://a'}
              two: {ulr: 'http://a'}
              three: {every: 15m}
              four: {url: lobste.rs/rss, every: 15}
              five: [http://a]
            size: 4 MB
            retries: 11
            tags: {a: b}
            """, feed, at: "news")
        #expect(!settings.isValid)
        #expect(
            faults == [
                "routes.yaml:1:10: news.adapter: expected feed, got the text \"fed\"; did you mean \"feed\"?",
                "routes.yaml:3:3: news.feeds.One: \"One\" is no name; names are a letter from a to z, then letters, digits, _ and -, at most 32 in all",
                "routes.yaml:4:9: news.feeds.two.ulr: no key named \"ulr\" is known here; did you mean \"url\"?",
                "routes.yaml:5:10: news.feeds.three: the key \"url\" is missing; it takes a URL such as https://example.org/feed",
                "routes.yaml:6:15: news.feeds.four.url: expected a URL such as https://example.org/feed, got the text \"lobste.rs/rss\": it does not begin with a scheme such as https://",
                "routes.yaml:6:37: news.feeds.four.every: expected a duration such as 15m or 1h30m, got the number 15; add a unit: ms, s, m, h, d or w",
                "routes.yaml:7:9: news.feeds.five: expected a mapping, got a list",
                "routes.yaml:8:7: news.size: expected a size such as 64KB or 25MiB, got the text \"4 MB\"",
                "routes.yaml:9:10: news.retries: expected 0 to 10, got the number 11",
                "routes.yaml:10:7: news.tags: expected a list, got a mapping",
            ])
    }

    @Test("after a fault values read as their default or as nothing")
    func placeholders() {
        let (settings, _) = decode("{retries: x, size: [], tags: 1, proxy: 3}", feed)
        #expect(!settings.isValid)
        #expect(settings.integer("retries") == 3)
        #expect(settings.byteCount("size").bytes == 4 << 20)
        #expect(settings.strings("tags") == ["1"])
        #expect(settings.string("adapter") == "")
        #expect(settings.objects("feeds").isEmpty)
        #expect(!settings.object("proxy").isValid)
    }

    @Test("an empty mapping and nothing at all are the same", arguments: ["", "{}", "~"])
    func nothing(text: String) {
        let (settings, faults) = decode(text, [Setting("a", .integer, default: "1", "A.")])
        #expect(faults == [])
        #expect(settings.integer("a") == 1)
    }

    @Test("a null counts as not given")
    func nulls() {
        let schema: SettingsSchema = [
            Setting("a", .integer, default: "1", "A."), Setting("b", .secret, isRequired: true, "B."),
        ]
        let (settings, faults) = decode("a:\nb: ~\n", schema)
        #expect(settings.integer("a") == 1)
        #expect(faults == ["routes.yaml:2:4: the key \"b\" is missing; it takes a text"])
    }
}
