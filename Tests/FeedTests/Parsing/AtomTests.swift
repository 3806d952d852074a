import Messages
import Testing

@testable import Feed

@Suite("Atom")
struct AtomTests {
    private func parse(_ xml: String) throws -> FeedDocument {
        try FeedParser(url: "https://n.example/feeds/atom").parse(Array(xml.utf8))
    }

    private func entry(_ xml: String) throws -> FeedEntry {
        let feed = try parse("<feed xmlns='http://www.w3.org/2005/Atom'><entry>\(xml)</entry></feed>")
        return try #require(feed.entries.first)
    }

    @Test("the fields of Atom 1.0 are found, under any prefix")
    func fields() throws {
        let feed = try parse(
            """
            <a:feed xmlns:a="http://www.w3.org/2005/Atom"><a:title type="html">N &amp;amp; N</a:title>
             <a:link rel="self" href="https://n.example/self"/><a:link href="/"/><a:author><a:name>Ann</a:name></a:author>
             <a:entry><a:id> urn:1 </a:id><a:title>A &amp; B</a:title><a:link rel="alternate" href="p/1"/>
              <a:link rel="enclosure" href="/a.mp3" length="12" type="audio/mpeg"/><a:published>2024-01-02T03:04:05Z</a:published>
              <a:updated>2024-01-03T00:00:00Z</a:updated><a:category term="x"/><a:category label="y"/>
              <a:summary>short</a:summary></a:entry></a:feed>
            """)
        let entry = try #require(feed.entries.first)
        #expect(feed.format == .atom && feed.title == "N & N" && feed.link == "https://n.example/")
        #expect(entry.id == "urn:1" && entry.title == "A & B" && entry.link == "https://n.example/feeds/p/1")
        #expect(entry.published?.time?.description == "2024-01-02T03:04:05.000Z")
        #expect(entry.updated?.text == "2024-01-03T00:00:00Z")
        #expect(entry.authors == ["Ann"] && entry.tags == ["x", "y"])
        #expect(entry.enclosures == [FeedEnclosure(url: "https://n.example/a.mp3", mediaType: "audio/mpeg", size: 12)])
    }

    @Test(
        "content is read by its type",
        arguments: [
            ("<content>a &lt;b&gt; c</content>", "a \\<b> c"),
            ("<content type='text'>1 &amp; 2</content>", "1 & 2"),
            ("<content type='html'>a &lt;b&gt;c&lt;/b&gt; &amp;amp; d</content>", "a **c** & d"),
            ("<content type='text/html'>&lt;i&gt;a&lt;/i&gt;</content>", "_a_"),
            (
                "<content type='xhtml'><div xmlns='http://www.w3.org/1999/xhtml'><p>a <b>c</b></p><p>&lt;d&gt;</p></div></content>",
                "a **c**\n\n\\<d>"
            ),
            ("<content type='text/plain'>a</content>", "a"),
            ("<content type='image/png'>iVBORw0KGgo=</content>", nil),
            ("<content type='text/html' src='https://n.example/x.html'/>", nil),
            ("<content type='html'> </content>", nil),
        ] as [(String, String?)])
    func contentTypes(_ xml: String, _ markdown: String?) throws {
        #expect(try entry(xml).content?.markdown == markdown)
    }

    @Test("content elsewhere is a file")
    func source() throws {
        let enclosures = try entry("<content type='video/mp4' src='/v.mp4'/>").enclosures
        #expect(enclosures == [FeedEnclosure(url: "https://n.example/v.mp4", mediaType: "video/mp4")])
    }

    @Test("links in content go by the nearest xml:base, the div's included")
    func base() throws {
        let html = try entry(
            "<content type='html' xml:base='https://b.example/x/'>&lt;a href='y'&gt;y&lt;/a&gt;</content>")
        #expect(html.content?.markdown == "[y](https://b.example/x/y)")
        let tree = try entry(
            "<content type='xhtml' xml:base='/one/'><div xmlns='http://www.w3.org/1999/xhtml' xml:base='two/'><a href='y'>y</a>"
                + "</div></content>")
        #expect(tree.content?.markdown == "[y](https://n.example/one/two/y)")
    }

    @Test("an entry's author goes before its source's, and that before the feed's")
    func authors() throws {
        let feed = try parse(
            """
            <feed xmlns='http://www.w3.org/2005/Atom'><author><name>Feed</name></author>
            <entry><author><name>Own</name></author><source><author><name>S</name></author></source></entry>
            <entry><source><author><name>Source</name></author></source></entry><entry/></feed>
            """)
        #expect(feed.entries.map(\.authors) == [["Own"], ["Source"], ["Feed"]])
    }

    @Test("a page goes before other alternates, and links with other relations are none")
    func links() throws {
        let entry = try entry(
            "<link rel='edit' href='/e'/><link rel='alternate' type='application/json' href='/j'/><link type='text/html' href='/h'/>"
        )
        #expect(entry.link == "https://n.example/h")
    }

    @Test("Atom 0.3 has other words for the same")
    func atom03() throws {
        let feed = try parse(
            """
            <feed version="0.3" xmlns="http://purl.org/atom/ns#"><title mode="escaped" type="text/html">A &lt;b&gt;B&lt;/b&gt;</title>
            <entry><id>1</id><title>T</title><issued>2004-01-02T03:04:05Z</issued><modified>2004-01-03T00:00:00Z</modified>
            <content type="application/xhtml+xml" mode="xml"><div xmlns="http://www.w3.org/1999/xhtml"><b>c</b></div></content>
            </entry></feed>
            """)
        #expect(feed.format == .atom03 && feed.title == "A B")
        #expect(feed.entries[0].published?.text == "2004-01-02T03:04:05Z")
        #expect(feed.entries[0].updated?.text == "2004-01-03T00:00:00Z")
        #expect(feed.entries[0].content?.markdown == "**c**")
    }

    @Test("a single entry, and a feed that forgot its namespace, are read too")
    func variants() throws {
        #expect(try parse("<entry xmlns='http://www.w3.org/2005/Atom'><id>1</id></entry>").entries.map(\.id) == ["1"])
        let bare = try parse("<feed><title>N</title><entry><id>1</id><link href='/1'/></entry></feed>")
        #expect(bare.title == "N" && bare.entries.map(\.link) == ["https://n.example/1"])
    }
}
