import Messages
import Testing

@testable import Feed

@Suite("What is new in a feed")
struct FeedMemoryTests {
    private static let start = Timestamp(seconds: 1_700_000_000)

    private func entry(_ id: String?, title: String = "", link: String? = nil, date: String? = nil, text: String? = nil)
        -> FeedEntry
    {
        var entry = FeedEntry()
        entry.id = id
        entry.title = title
        entry.link = link
        entry.published = date.map(FeedDate.init)
        entry.summary = text.map { .plain($0) }
        return entry
    }

    /// A memory that lives on from poll to poll as the store keeps it.
    private struct Store {
        var entries: [String: SeenEntry] = [:]

        mutating func poll(_ document: [FeedEntry], at time: Timestamp = start, isContinuous: Bool = true) throws
            -> FeedNews
        {
            var memory = FeedMemory(Array(entries.values))
            let news = try memory.take(document, now: time, isContinuous: isContinuous)
            for seen in news.changes + news.fresh.map(\.seen) {
                let kept = try #require(SeenEntry(key: seen.key, encoded: seen.encoded))
                entries[seen.key] = kept
            }
            for key in news.forgotten { entries[key] = nil }
            return news
        }
    }

    @Test("an entry is new once, wherever it stands and however often the feed is reordered")
    func reordered() throws {
        var store = Store()
        #expect(try store.poll([entry("1"), entry("2")]).fresh.count == 2)
        #expect(try store.poll([entry("2"), entry("1")]).fresh.isEmpty)
        #expect(try store.poll([entry("2")]).fresh.isEmpty)
        #expect(try store.poll([entry("3"), entry("1"), entry("2")]).fresh.map(\.identity.value) == ["3"])
    }

    @Test("news come oldest first: by date where all have one, else from the end of the document")
    func order() throws {
        var store = Store()
        let dated = [entry("b", date: "2024-01-02"), entry("c", date: "2024-01-03"), entry("a", date: "2024-01-01")]
        #expect(try store.poll(dated).fresh.map(\.identity.value) == ["a", "b", "c"])
        let undated = [entry("z", date: "2024-01-02"), entry("y"), entry("x", date: "2024-01-03")]
        #expect(try store.poll(undated).fresh.map(\.identity.value) == ["x", "y", "z"])
    }

    @Test("of two entries with one id in a document the newest counts")
    func duplicates() throws {
        var store = Store()
        let document = [
            entry("1", title: "old", date: "2024-01-01"), entry("1", title: "new", date: "2024-01-02"),
            entry("1", title: "older", date: "2023-01-01"),
        ]
        #expect(try store.poll(document).fresh.map(\.entry.title) == ["new"])
        #expect(try store.poll(document).edited.isEmpty)
    }

    @Test("changed text is an edit and not a new entry, up to a limit")
    func edits() throws {
        var store = Store()
        _ = try store.poll([entry("1", text: "0")])
        for number in 1...12 {
            let news = try store.poll([entry("1", text: "\(number)")])
            #expect(news.fresh.isEmpty)
            #expect(news.edited.count == (number <= FeedMemory.maximumEdits ? 1 : 0))
            #expect(try store.poll([entry("1", text: "\(number)")]).edited.isEmpty)
        }
    }

    @Test("a feed that begins to write ids does not flood, nor one that ceases to")
    func ruleChange() throws {
        var store = Store()
        let bare = (1...9).map { entry(nil, title: "t", link: "https://n.example/\($0)") }
        let withIDs = (1...9).map { entry("id\($0)", title: "t", link: "http://n.example/\($0)?utm_source=x") }
        #expect(try store.poll(bare).fresh.count == 9)
        #expect(try store.poll(withIDs, isContinuous: false).fresh.isEmpty)
        #expect(
            try store.poll(withIDs + [entry("id10", link: "https://n.example/10")]).fresh.map(\.identity.value) == [
                "id10"
            ])
        #expect(try store.poll(bare, isContinuous: false).fresh.isEmpty)
    }

    @Test("a feed that changes all ids at once does not flood; its new entries still come")
    func massChange() throws {
        var store = Store()
        _ = try store.poll((1...9).map { entry("a\($0)", link: "https://n.example/\($0)") })
        let renamed = (2...10).map { entry("b\($0)", link: "https://n.example/\($0)") }
        let news = try store.poll(renamed)
        #expect(news.fresh.map(\.identity.value) == ["b10"] && news.renamed == 8)
        #expect(try store.poll(renamed).fresh.isEmpty)
    }

    @Test("titles tell when all entries share one link")
    func massChangeByTitle() throws {
        var store = Store()
        _ = try store.poll((1...9).map { entry("a\($0)", title: "t\($0)", link: "https://n.example/") })
        let renamed = (1...9).map { entry("b\($0)", title: "t\($0)", link: "https://n.example/") }
        #expect(try store.poll(renamed).fresh.isEmpty)
        let others = (1...9).map { entry("c\($0)", title: "u\($0)", link: "https://n.example/") }
        #expect(try store.poll(others).fresh.count == 9)
    }

    @Test("after a gap many new entries are just new")
    func gap() throws {
        var store = Store()
        _ = try store.poll((1...9).map { entry("a\($0)", title: "Daily \($0)", link: "https://n.example/") })
        let news = (1...9).map { entry("b\($0)", title: "Daily \($0)", link: "https://n.example/") }
        #expect(try store.poll(news, isContinuous: false).fresh.count == 9)
    }

    @Test("entries are remembered sixty days after they were last there, then forgotten")
    func retention() throws {
        var store = Store()
        _ = try store.poll([entry("1"), entry("2")])
        let later = Self.start + .seconds(40 * 86_400)
        #expect(try store.poll([entry("2")], at: later).changes.count == 1)
        #expect(try store.poll([entry("2")], at: later + .seconds(3_600)).changes.isEmpty)
        let end = Self.start + .seconds(61 * 86_400)
        #expect(try store.poll([entry("2")], at: end).forgotten.count == 1)
        #expect(store.entries.count == 1)
    }

    @Test("an entry that stays in the feed is known after any pause")
    func longPause() throws {
        var store = Store()
        _ = try store.poll([entry("1")])
        let news = try store.poll([entry("1")], at: Self.start + .seconds(400 * 86_400), isContinuous: false)
        #expect(news.fresh.isEmpty && news.forgotten.isEmpty)
    }

    @Test("what the store has and nobody understands is no memory")
    func damaged() {
        #expect(SeenEntry(key: "k", encoded: Array("{".utf8)) == nil)
        #expect(SeenEntry(key: "k", encoded: Array("{\"rule\":\"x\",\"content\":\"\",\"seen\":1}".utf8)) == nil)
    }
}
