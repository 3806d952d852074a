import Messages
import TestSupport
import Testing

@testable import Feed

@Suite("Hostile feeds", .timeLimit(.minutes(1)))
struct HostileFeedTests {
    private static let samples = [
        """
        <rss version="2.0" xmlns:c="http://purl.org/rss/1.0/modules/content/"><channel><title>N</title><ttl>60</ttl><skipHours>
        <hour>1</hour></skipHours><item><guid>1</guid><title>A &amp; B</title><pubDate>Tue, 02 Jan 2024 15:04:05 +0100</pubDate>
        <c:encoded><![CDATA[<p>x<a href="y">z</a>]]></c:encoded><enclosure url="u" length="1"/></item></channel></rss>
        """,
        """
        <feed xmlns="http://www.w3.org/2005/Atom"><entry xml:base="/a/"><id>1</id><updated>2024-01-02T03:04:05Z</updated>
        <content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><table><tr><td>1</td><td>2</td></tr></table></div></content>
        </entry></feed>
        """,
        "{\"version\": \"https://jsonfeed.org/version/1\", \"items\": [{\"id\": 1e9, \"content_html\": \"<p>x\", \"tags\": [1]}]}",
    ]

    @Test("no damage to a feed harms its reader", arguments: samples.indices)
    func damaged(_ sample: Int) throws {
        var random = SeededRandom(seed: UInt64(sample))
        let now = try #require(FeedDates.parse("2024-01-07"))
        for _ in 0..<300 {
            var bytes = Array(Self.samples[sample].utf8)
            for _ in 0..<Int.random(in: 1...8, using: &random) {
                let position = Int.random(in: bytes.indices, using: &random)
                switch Int.random(in: 0..<4, using: &random) {
                case 0: bytes[position] = UInt8.random(in: 0...255, using: &random)
                case 1: bytes.remove(at: position)
                case 2: bytes.insert(contentsOf: bytes[position...].prefix(40), at: position)
                default: bytes.removeSubrange(position..<min(position + 20, bytes.count))
                }
            }
            guard let document = try? FeedParser(url: "https://n.example/").parse(bytes) else { continue }
            for entry in try FeedCensus(document.entries, now: now).entries {
                let post = FeedPost(entry, feedTitle: document.title, text: .content, isEdit: false, now: now)
                #expect(FeedPost(encoded: post.json.encoded()) == post && post.time <= now)
            }
        }
    }

    @Test("no text harms the reader of dates")
    func dates() {
        var random = SeededRandom(seed: 7)
        let pieces = [
            "2024", "-", "01", "T", ":", "99999999999999999999999", "+", "Jan", " ", "年", "Z", ".", "GMT", "pm", "é",
            ",",
        ]
        for _ in 0..<20_000 {
            let count = Int.random(in: 0...12, using: &random)
            let text = (0..<count).map { _ in pieces[Int.random(in: pieces.indices, using: &random)] }.joined()
            if let time = FeedDates.parse(text) { #expect((1...9_999).contains(time.civil.year), "\(text)") }
        }
    }

    @Test("a feed of nothing but entries is read up to the limit")
    func entries() throws {
        let xml = "<rss><channel>" + String(repeating: "<item/>", count: 20_000) + "</channel></rss>"
        #expect(try FeedParser().parse(Array(xml.utf8)).entries.count == FeedParser.maximumEntries)
    }
}
