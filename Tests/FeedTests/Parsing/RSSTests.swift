import Messages
import Testing

@testable import Feed

@Suite("RSS")
struct RSSTests {
    private func parse(_ text: String, url: String? = "https://n.example/feeds/rss") throws -> FeedDocument {
        try FeedParser(url: url).parse(Array(text.utf8))
    }

    private func item(_ xml: String) throws -> FeedEntry {
        let feed = try parse(
            """
            <rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:a="http://www.w3.org/2005/Atom"
             xmlns:c="http://purl.org/rss/1.0/modules/content/" xmlns:m="http://search.yahoo.com/mrss"
             xmlns:it="http://www.itunes.com/dtds/podcast-1.0.dtd"><channel><item>\(xml)</item></channel></rss>
            """)
        return try #require(feed.entries.first)
    }

    @Test("the fields of RSS 2.0 are found")
    func fields() throws {
        let feed = try parse(
            """
            <?xml version="1.0"?>
            <rss version="2.0"><channel><title>N &amp;amp; N</title><link>https://n.example/</link><ttl>60</ttl>
             <item><title>A &amp; B</title><link>/p/1</link><guid isPermaLink="false">tag:n.example,2024:1</guid>
              <pubDate>Tue, 02 Jan 2024 15:04:05 GMT</pubDate><author>ann@n.example (Ann)</author>
              <category>x</category><category> y </category><category>x</category>
              <description>&lt;p&gt;Hello&lt;/p&gt;</description>
              <enclosure url="https://n.example/a.mp3" length="0" type="audio/mpeg"/></item></channel></rss>
            """)
        let entry = try #require(feed.entries.first)
        #expect(feed.format == .rss && feed.title == "N & N" && feed.link == "https://n.example/")
        #expect(feed.hints.interval == .seconds(3_600))
        #expect(entry.id == "tag:n.example,2024:1" && entry.link == "https://n.example/p/1")
        #expect(entry.title == "A & B")
        #expect(entry.published?.time?.description == "2024-01-02T15:04:05.000Z")
        #expect(entry.authors == ["Ann"] && entry.tags == ["x", "y"])
        #expect(entry.summary?.markdown == "Hello" && entry.content == nil)
        #expect(entry.enclosures == [FeedEnclosure(url: "https://n.example/a.mp3", mediaType: "audio/mpeg")])
        #expect(feed.fault == nil)
    }

    @Test(
        "a guid is the link too, unless it says otherwise or is no web address",
        arguments: [
            ("<guid>https://n.example/1</guid>", "https://n.example/1"),
            ("<guid isPermaLink='true'>http://n.example/1</guid>", "http://n.example/1"),
            ("<guid isPermaLink='false'>https://n.example/1</guid>", nil),
            ("<guid>urn:x</guid>", nil),
            ("<guid>https://n.example/1</guid><link>https://n.example/2</link>", "https://n.example/2"),
            (
                "<a:link rel='self' href='https://n.example/self'/><link>https://n.example/3</link>",
                "https://n.example/3"
            ),
            ("<a:link rel='self' href='https://n.example/self'/>", nil),
            ("<a:link href='/4'/>", "https://n.example/4"),
            ("<link/><guid>https://n.example/5</guid>", "https://n.example/5"),
            ("<link href='https://n.example/6'/>", "https://n.example/6"),
        ] as [(String, String?)])
    func links(_ xml: String, _ link: String?) throws {
        #expect(try item(xml).link == link)
    }

    @Test(
        "titles are one line of text, whether they hold text, HTML or escaped HTML",
        arguments: [
            ("A &amp; B", "A & B"), ("A &amp;amp; B", "A & B"), ("&lt;b&gt;A&lt;/b&gt; B", "A B"),
            ("<![CDATA[A <i>B</i>]]>", "A B"),
            (" A\n  B ", "A B"), ("1 &lt; 2", "1 < 2"), ("R&D", "R&D"), ("caf&eacute;", "café"),
            ("&amp;lt;br&amp;gt;", "<br>"),
        ])
    func titles(_ xml: String, _ title: String) throws {
        #expect(try item("<title>\(xml)</title>").title == title)
    }

    @Test("the whole text and the short one are told apart by namespace, not by prefix")
    func contents() throws {
        let entry = try item(
            "<description>short</description><c:encoded><![CDATA[<p>long <a href='x'>x</a></p>]]></c:encoded>")
        #expect(entry.summary?.markdown == "short")
        #expect(entry.content?.markdown == "long [x](https://n.example/feeds/x)")
    }

    @Test("lines of plain text flow, paragraphs stay")
    func flowing() throws {
        let entry = try item("<description>\n   One\n   two  three\n\n   four &lt; five\n</description>")
        #expect(entry.summary?.markdown == "One two three\n\nfour < five")
    }

    @Test("markup that nobody escaped is read as markup")
    func inlineMarkup() throws {
        #expect(try item("<description>a <b>c</b></description>").summary?.markdown == "a **c**")
    }

    @Test(
        "authors are names",
        arguments: [
            ("<author>ann@n.example (Ann A.)</author>", ["Ann A."]),
            ("<author>Ann &lt;ann@n.example&gt;</author>", ["Ann"]),
            ("<author>ann@n.example</author>", ["ann@n.example"]),
            ("<dc:creator>Bo</dc:creator><author>x</author>", ["Bo"]),
            ("<it:author>Cy</it:author>", ["Cy"]), ("", []),
        ] as [(String, [String])])
    func authors(_ xml: String, _ names: [String]) throws {
        #expect(try item(xml).authors == names)
    }

    @Test("several files, media in groups, and one file once")
    func enclosures() throws {
        let entry = try item(
            """
            <enclosure url="/a.mp3" length="12" type="audio/mpeg"/><m:group><m:content url="https://n.example/b.png" fileSize="3"/>
            </m:group><m:content url="https://n.example/a.mp3"/>
            """)
        #expect(entry.enclosures.map(\.url) == ["https://n.example/a.mp3", "https://n.example/b.png"])
        #expect(entry.enclosures.map(\.size) == [12, 3])
    }

    @Test("RSS 1.0's items stand beside the channel")
    func rdf() throws {
        let feed = try parse(
            """
            <rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"
             xmlns:d="http://purl.org/dc/elements/1.1/" xmlns:sy="http://purl.org/rss/1.0/modules/syndication/">
            <channel rdf:about="x"><title>N</title><sy:updatePeriod>daily</sy:updatePeriod>
            <sy:updateFrequency>4</sy:updateFrequency></channel>
            <item rdf:about="urn:1"><title>One</title><link>https://n.example/1</link><d:date>2024-01-02</d:date>
            <d:creator>Ann</d:creator><d:subject>x</d:subject></item><item rdf:about="urn:2"><title>Two</title></item></rdf:RDF>
            """)
        #expect(feed.format == .rdf && feed.title == "N" && feed.hints.interval == .seconds(21_600))
        #expect(feed.entries.map(\.id) == ["urn:1", "urn:2"])
        #expect(feed.entries[0].authors == ["Ann"] && feed.entries[0].tags == ["x"])
        #expect(feed.entries[0].published?.time?.description == "2024-01-02T00:00:00.000Z")
    }

    @Test("RSS 0.90 and 0.91 are read")
    func old() throws {
        let rss090 = try parse(
            "<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' xmlns='http://my.netscape.com/rdf/simple/0.9/'>"
                + "<channel><title>N</title></channel><item><title>A</title><link>https://n.example/a</link></item></rdf:RDF>"
        )
        #expect(rss090.entries.map(\.link) == ["https://n.example/a"])
        let rss091 = try parse(
            "<!DOCTYPE rss PUBLIC '-//Netscape//DTD RSS 0.91//EN' 'http://n.example/rss-0.91.dtd'>\n<rss version='0.91'><channel>"
                + "<title>N</title><item><title>caf&eacute;</title><link>https://n.example/a</link></item></channel></rss>"
        )
        #expect(rss091.entries.map(\.title) == ["café"])
    }

    @Test("xml:base is nested and relative itself")
    func base() throws {
        let feed = try parse(
            "<rss xml:base='/a/'><channel xml:base='b/'><item xml:base='c/'><link>d</link>"
                + "<description xml:base='/z/'>&lt;a href='e'&gt;e&lt;/a&gt;</description></item></channel></rss>")
        #expect(feed.entries[0].link == "https://n.example/a/b/c/d")
        #expect(feed.entries[0].summary?.markdown == "[e](https://n.example/z/e)")
    }

    @Test("hours and days in which not to ask")
    func hints() throws {
        let feed = try parse(
            "<rss><channel><skipHours><hour>0</hour><hour>24</hour><hour>7</hour><hour>99</hour></skipHours>"
                + "<skipDays><day>Saturday</day><day>sunday</day><day>x</day></skipDays><ttl>0</ttl></channel></rss>")
        #expect(feed.hints.skippedHours == [0, 7] && feed.hints.skippedDays == [0, 6])
        #expect(feed.hints.interval == nil)
    }

    @Test("a feed with faults is read as far as it goes, and says the first fault")
    func faults() throws {
        let feed = try parse(
            """

            <rss version="2.0"><channel><title>A & B</title>
            <item><title>One\u{8}</title><description>x<br>y</description></item>
            <item><title>Two</title><dc:creator>Ann</dc:creator>
            """)
        #expect(feed.title == "A & B")
        #expect(feed.entries.map(\.title) == ["One", "Two"])
        #expect(feed.entries[0].summary?.markdown == "x  \ny")
        #expect(feed.entries[1].authors == ["Ann"])
        #expect(feed.fault?.hasPrefix("line 2: ") == true)
    }
}
