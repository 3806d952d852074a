import Messages
import Testing

@testable import Feed

@Suite("Posts of entries")
struct FeedPostTests {
    private let now = CivilDate(year: 2024, month: 1, day: 7).timestamp

    private func post(_ form: FeedTextForm = .summary, _ change: (inout FeedEntry) -> Void) throws -> FeedPost {
        var entry = FeedEntry()
        entry.id = "1"
        change(&entry)
        let identified = try #require(try FeedCensus([entry], now: now).entries.first)
        return FeedPost(identified, feedTitle: "N", text: form, isEdit: false, now: now)
    }

    @Test(
        "the text is the one that is wanted, or the one there is, with the link after it",
        arguments: [
            (FeedTextForm.summary, "short", "long", "short\n\n<https://n.example/>"),
            (.content, "short", "long", "long\n\n<https://n.example/>"),
            (.summary, nil, "long", "long\n\n<https://n.example/>"),
            (.content, "short", nil, "short\n\n<https://n.example/>"),
            (.none, "short", "long", "<https://n.example/>"),
        ] as [(FeedTextForm, String?, String?, String)])
    func text(_ form: FeedTextForm, _ summary: String?, _ content: String?, _ expected: String) throws {
        let post = try post(form) { entry in
            entry.summary = summary.map { .plain($0) }
            entry.content = content.map { .plain($0) }
            entry.link = "https://n.example/"
        }
        #expect(post.text == expected)
    }

    @Test("a link that the text has is not repeated, and without text and link the title is the text")
    func links() throws {
        let linked = try post { entry in
            entry.summary = .html("see <a href='https://n.example/1'>this</a>", base: nil)
            entry.link = "https://n.example/1"
        }
        #expect(linked.text == "see [this](https://n.example/1)")
        #expect(try post { $0.title = "*A*" }.text == "\\*A\\*")
    }

    @Test(
        "an entry without a title is called by its text",
        arguments: [
            (String(repeating: "word ", count: 40), String(repeating: "word ", count: 18) + "word…"),
            ("short", "short"),
            (String(repeating: "字", count: 200), String(repeating: "字", count: 99) + "…"),
        ])
    func subject(_ text: String, _ subject: String) throws {
        let post = try post { $0.summary = .plain(text) }
        #expect(post.subject == subject && post.subject.count <= FeedPost.maximumSubject)
    }

    @Test("dates that cannot be are now, and are kept as they are written")
    func dates() throws {
        let future = try post { $0.published = FeedDate("2030-01-01") }
        #expect(future.time == now && future.meta["published"] == "2030-01-01T00:00:00.000Z")
        let unreadable = try post { $0.published = FeedDate("5 Jänner 2004") }
        #expect(unreadable.time == now && unreadable.meta["published"] == "5 Jänner 2004")
        let updated = try post { $0.updated = FeedDate("2024-01-01") }
        #expect(updated.time.description == "2024-01-01T00:00:00.000Z")
    }

    @Test("a post that waits in the store comes back the same")
    func stored() throws {
        let post = try post { entry in
            entry.title = "T"
            entry.authors = ["Ann", "Bo"]
            entry.tags = ["x"]
            entry.enclosures = [FeedEnclosure(url: "https://n.example/a", mediaType: "a/b", size: 3)]
        }
        #expect(FeedPost(encoded: post.json.encoded()) == post)
        #expect(FeedPost(encoded: Array("{}".utf8)) == nil)
    }

    @Test(
        "a keyword is looked for everywhere, or in the field it names",
        arguments: [
            ("SWIFT", true), ("title:swift", true), ("text:swift", false), ("tag:go", true), ("tag:golan", false),
            ("author:ann", true),
            ("link:n.example", true), ("golan", true), ("rust", false), ("body", true),
        ])
    func keywords(_ keyword: String, _ isFound: Bool) throws {
        var entry = FeedEntry()
        entry.title = "Swift 6"
        entry.content = .html("<b>Bo</b>dy", base: nil)
        entry.tags = ["Go", "golang"]
        entry.authors = ["Ann"]
        entry.link = "https://n.example/"
        #expect(try #require(FeedKeyword(keyword)).isFound(in: entry) == isFound)
    }

    @Test("what is remembered of a feed comes back the same")
    func state() {
        var state = FeedState()
        state.settle(on: "https://n.example/", every: .seconds(60), now: now)
        _ = state.notePermanentTarget("https://m.example/", now: now)
        state.entityTag = "\"a\""
        state.nextPoll = now
        state.hints.interval = .seconds(60)
        state.hints.skippedHours = [1, 2]
        state.failures = 2
        state.sequence = 7
        #expect(FeedState(encoded: state.encoded) == state)
        #expect(FeedState(encoded: Array("x".utf8)) == FeedState())
    }
}
