import Testing

@testable import Feed

@Suite("Recognising feeds")
struct FeedParserTests {
    private let parser = FeedParser(url: "https://n.example/")

    private func refusal(of text: String) -> FeedError? {
        #expect(throws: FeedError.self) { try parser.parse(Array(text.utf8)) }
    }

    @Test("the fields of JSON Feed are found")
    func json() throws {
        let feed = try parser.parse(
            Array(
                """
                \u{FEFF} {"version": "https://jsonfeed.org/version/1.1", "title": "N", "home_page_url": "https://n.example/",
                "authors": [{"name": "Feed"}], "items": [
                {"id": 7, "url": "/1", "title": "A & B", "content_html": "<p>x <a href='y'>y</a></p>", "summary": "s",
                 "date_published": "2024-01-02T03:04:05Z", "tags": ["t"], "authors": [{"name": "Ann"}],
                 "attachments": [{"url": "https://n.example/a.mp3", "mime_type": "audio/mpeg", "size_in_bytes": 12}]},
                {"id": "8", "content_text": "1 < 2", "author": {"name": "Old"}}, {"id": null}]}
                """.utf8))
        #expect(feed.format == .json && feed.title == "N")
        let first = feed.entries[0]
        #expect(feed.entries.map(\.id) == ["7", "8", nil])
        #expect(first.link == "https://n.example/1" && first.title == "A & B" && first.summary?.markdown == "s")
        #expect(first.content?.markdown == "x [y](https://n.example/y)")
        #expect(first.tags == ["t"] && feed.entries.map(\.authors) == [["Ann"], ["Old"], ["Feed"]])
        #expect(first.enclosures == [FeedEnclosure(url: "https://n.example/a.mp3", mediaType: "audio/mpeg", size: 12)])
        #expect(feed.entries[1].content == .plain("1 < 2"))
    }

    @Test("a web page is refused with the feeds it names")
    func webPage() {
        let page = """
            <!doctype html><html><head><title>x</title><link rel=stylesheet href=/s.css>
            <link rel="alternate" type="application/rss+xml" href="/rss"><link rel="Alternate" type="application/atom+xml" href="a.xml">
            <link rel="alternate" type="text/html" href="/de"></head><body><p>hi</body></html>
            """
        #expect(refusal(of: page) == .webPage(feeds: ["https://n.example/rss", "https://n.example/a.xml"]))
        #expect(refusal(of: "<html><body>login</body></html>") == .webPage(feeds: []))
    }

    @Test(
        "what is no feed is refused with what it is",
        arguments: [
            ("<opml version='2.0'/>", "opml"), ("<rss/>", "rss"), ("{\"a\": 1}", "JSON"), ("{\"a\": ", "JSON"),
            ("", "empty"),
            ("plain text", "no XML element"),
        ])
    func noFeed(_ text: String, _ word: String) throws {
        let error = try #require(refusal(of: text))
        #expect(error.description.contains(word), "\(error)")
    }

    @Test(
        "awkward character sets",
        arguments: [
            ([0xCF, 0xF0, 0xE8], "windows-1251", nil, "При"), ([0xC4, 0xE3, 0xBA, 0xC3], "gb2312", nil, "你好"),
            ([0x93, 0x94], "iso-8859-1", nil, "“”"), ([0xC3, 0xA9], "iso-8859-1", "utf-8", "é"),
            ([0xCF, 0xF0, 0xE8], nil, "windows-1251", "При"),
            ([0xC3, 0xA9], nil, nil, "é"), ([0xE9], nil, nil, "é"), ([0xE9, 0x20], "utf-8", nil, "é"),
        ] as [([UInt8], String?, String?, String)])
    func charsets(_ title: [UInt8], _ declared: String?, _ transport: String?, _ expected: String) throws {
        let head = declared.map { "<?xml version='1.0' encoding='\($0)'?>" } ?? ""
        let bytes = Array("\(head)<rss><channel><title>".utf8) + title + Array("</title></channel></rss>".utf8)
        #expect(try FeedParser(charset: transport).parse(bytes).title == expected)
    }

    @Test("a byte order mark goes before a wrong declaration")
    func mark() throws {
        let xml = "<?xml version='1.0' encoding='windows-1251'?><rss><channel><title>é</title></channel></rss>"
        #expect(try parser.parse([0xEF, 0xBB, 0xBF] + Array(xml.utf8)).title == "é")
        let wide: [UInt8] =
            [0xFF, 0xFE] + xml.utf16.flatMap { unit -> [UInt8] in [UInt8(unit & 0xFF), UInt8(unit >> 8)] }
        #expect(try parser.parse(wide).title == "é")
    }

    @Test("entities that multiply stay as they are written")
    func laughs() throws {
        let xml = """
            <!DOCTYPE rss [<!ENTITY a "haha"><!ENTITY b "&a;&a;&a;&a;"><!ENTITY x SYSTEM "file:///etc/hostname">]>
            <rss><channel><title>&b;&x;</title></channel></rss>
            """
        #expect(try parser.parse(Array(xml.utf8)).title == "&b;&x;")
    }

}
