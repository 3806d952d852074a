import Testing

@testable import Feed

@Suite("Identity of entries")
struct FeedIdentityTests {
    @Test("the first thing that identifies an entry is taken, and which it was is kept")
    func chain() {
        var entry = FeedEntry()
        #expect(FeedIdentity(of: entry) == nil)
        entry.summary = .plain("text")
        #expect(FeedIdentity(of: entry)?.rule == .titleAndContent)
        entry.title = "Title"
        #expect(FeedIdentity(of: entry)?.rule == .titleAndContent)
        entry.published = FeedDate("2024-01-02")
        #expect(FeedIdentity(of: entry)?.rule == .titleAndDate)
        entry.enclosures = [FeedEnclosure(url: "https://n.example/a.mp3")]
        #expect(FeedIdentity(of: entry)?.rule == .enclosure)
        entry.link = "https://n.example/1"
        #expect(FeedIdentity(of: entry)?.rule == .link)
        entry.id = " X "
        #expect(FeedIdentity(of: entry)?.rule == .id && FeedIdentity(of: entry)?.value == "X")
    }

    @Test("ids are compared with their case, and an id is not the link of the same text")
    func keys() throws {
        var one = FeedEntry()
        one.id = "a"
        var other = FeedEntry()
        other.id = "A"
        var linked = FeedEntry()
        linked.link = "a"
        let keys = try [one, other, linked].compactMap { try FeedIdentity(of: $0)?.key() }
        #expect(Set(keys).count == 3 && keys.allSatisfy { $0.utf8.count == 32 })
    }

    @Test(
        "two spellings of one link are one link",
        arguments: [
            ("http://N.Example:80/a?utm_source=x&b=1#c", "https://n.example/a?b=1"),
            ("https://n.example:443", "http://n.example/"),
            ("https://n.example/?fbclid=1", "https://n.example/"),
            ("https://n.example/a?GCLID=2", "https://n.example/a"),
        ])
    func sameLinks(_ left: String, _ right: String) {
        #expect(FeedLink.normalized(left) == FeedLink.normalized(right))
    }

    @Test(
        "different links stay different",
        arguments: [
            ("https://n.example/a", "https://n.example/A"), ("https://n.example/?a=1", "https://n.example/?a=2"),
            ("https://n.example:8080/", "https://n.example/"), ("urn:a", "urn:b"),
            ("https://n.example/a", "https://m.example/a"),
        ])
    func otherLinks(_ left: String, _ right: String) {
        #expect(FeedLink.normalized(left) != FeedLink.normalized(right))
    }
}
