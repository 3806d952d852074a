import Testing

@testable import Markup

/// One piece of HTML and what readers without a browser get of it.
struct HTMLCase: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let html: String
    let plain: String
    let markdown: String

    init(_ id: String, _ html: String, plain: String, markdown: String) {
        self.testDescription = id
        self.html = html
        self.plain = plain
        self.markdown = markdown
    }
}

@Suite("HTML to text")
struct HTMLTextTests {
    static let cases: [HTMLCase] = [
        HTMLCase(
            "paragraphs", "<p>One\n  two</p><p>Three</p>", plain: "One two\n\nThree", markdown: "One two\n\nThree"),
        HTMLCase("breaks", "a<br>b<br><br>c", plain: "a\nb\n\nc", markdown: "a  \nb\n\nc"),
        HTMLCase(
            "lines of divs", "<div>a</div><div><br></div><div>b</div><div>c</div>", plain: "a\n\nb\nc",
            markdown: "a\n\nb  \nc"),
        HTMLCase(
            "emphasis", "<p>a <b>bold </b>and <i>it<b>alic</b></i>, <s>gone</s></p>", plain: "a bold and italic, gone",
            markdown: "a **bold** and _it_**_alic_**, ~~gone~~"),
        HTMLCase(
            "emphasis that ends in punctuation", "<b>重点：</b>内容 <b>“a”</b>b <b>c.</b> d", plain: "重点：内容 “a”b c. d",
            markdown: "**重点**：内容 **“a**”b **c.** d"),
        HTMLCase("emphasis in a word", "un<i>bel</i>ievable", plain: "unbelievable", markdown: "un*bel*ievable"),
        HTMLCase(
            "headings", "<h1>Top</h1>text<h3>Sub <i>x</i></h3>", plain: "Top\n\ntext\n\nSub x",
            markdown: "# Top\n\ntext\n\n### Sub _x_"),
        HTMLCase(
            "links", "<p>see <a href='https://a.example/b'>this page</a>.</p>",
            plain: "see this page (https://a.example/b).",
            markdown: "see [this page](https://a.example/b)."),
        HTMLCase(
            "links that show themselves",
            "<a href='https://a.example/'>https://a.example/</a> <a href='mailto:b@c.example'>b@c.example</a>",
            plain: "https://a.example/ b@c.example", markdown: "<https://a.example/> [b@c.example](mailto:b@c.example)"),
        HTMLCase(
            "lists", "<ul><li>a</li><li>b<ol start=3><li>c</li><li>d</li></ol></li></ul>",
            plain: "- a\n- b\n  3. c\n  4. d", markdown: "- a\n- b\n  3. c\n  4. d"),
        HTMLCase(
            "lists of paragraphs", "<ul><li><p>a</p><p>b</p></li><li>c</li></ul>", plain: "- a\n\n  b\n- c",
            markdown: "- a\n\n  b\n\n- c"),
        HTMLCase(
            "quotes", "<blockquote><p>a</p><p>b</p></blockquote>c", plain: "> a\n>\n> b\n\nc",
            markdown: "> a\n>\n> b\n\nc"),
        HTMLCase(
            "code", "<pre><code class='language-swift'>let a = 1\n  b &lt; c\n</code></pre>",
            plain: "let a = 1\n  b < c",
            markdown: "```swift\nlet a = 1\n  b < c\n```"),
        HTMLCase("code in a line", "<p>use <code>a`b</code></p>", plain: "use a`b", markdown: "use ``a`b``"),
        HTMLCase("rules", "a<hr>b", plain: "a\n\n---\n\nb", markdown: "a\n\n---\n\nb"),
        HTMLCase(
            "pictures", "<p><img src='https://a.example/x.png' alt='A cat'><img src='t.gif' width=1 height=1></p>",
            plain: "A cat", markdown: "![A cat](https://a.example/x.png)"),
        HTMLCase(
            "tables", "<table><tr><th>a</th><th>b</th></tr><tr><td>1</td><td>2|3</td></tr></table>",
            plain: "a | b\n1 | 2|3", markdown: "| a | b |\n| --- | --- |\n| 1 | 2\\|3 |"),
        HTMLCase(
            "tables that lay out a page", "<table><tr><td><h1>T</h1><p>x</p></td><td><p>y</p></td></tr></table>",
            plain: "T\n\nx\n\ny", markdown: "# T\n\nx\n\ny"),
        HTMLCase(
            "what nobody should see",
            "<style>p{}</style><script>alert(1)</script><title>t</title><p style='display: none'>x</p><p>y</p>",
            plain: "y", markdown: "y"),
        HTMLCase(
            "unsafe links", "<a href='javascript:alert(1)'>a</a> <a href='data:text/html,b'>b</a>", plain: "a b",
            markdown: "a b"),
        HTMLCase(
            "text that looks like Markdown", "<p># 1 * 2 *x* _y_ snake_case [z] &lt;b&gt; `c`</p><p>1. d</p><p>- e</p>",
            plain: "# 1 * 2 *x* _y_ snake_case [z] <b> `c`\n\n1. d\n\n- e",
            markdown: "\\# 1 * 2 \\*x\\* \\_y\\_ snake_case \\[z\\] \\<b> \\`c\\`\n\n1\\. d\n\n\\- e"),
        HTMLCase(
            "block in a link", "<a href='https://a.example/'><div>x</div><div>y</div></a>",
            plain: "x\ny (https://a.example/)", markdown: "[x  \ny](https://a.example/)"),
        HTMLCase(
            "broken", "<p>a<b>b<p>c</i></b>&unheard; & <", plain: "ab\n\nc&unheard; & <",
            markdown: "a**b**\n\nc\\&unheard; & <"),
        HTMLCase("entities", "&lt;a&gt;&nbsp;&copy;&#8212;&#x4F60;", plain: "<a> ©—你", markdown: "\\<a> ©—你"),
        HTMLCase("nothing", "", plain: "", markdown: ""),
        HTMLCase(
            "a link around a picture", "<a href='https://a.example/'><img src='https://a.example/i.png'></a>",
            plain: "https://a.example/", markdown: "[![](https://a.example/i.png)](https://a.example/)"),
    ]

    @Test("plain text reads as the page does", arguments: cases)
    func plain(_ example: HTMLCase) {
        #expect(HTMLText.plainText(of: example.html) == example.plain)
    }

    @Test("Markdown means what the HTML meant", arguments: cases)
    func markdown(_ example: HTMLCase) {
        #expect(HTMLText.markdown(of: example.html) == example.markdown)
    }

    @Test("relative links are resolved against the base")
    func base() {
        let html = "<a href='../c?d#e'>x</a> <img src='/i.png' alt='y'>"
        #expect(
            HTMLText.markdown(of: html, base: "https://a.example/b/b/")
                == "[x](https://a.example/b/c?d#e) ![y](https://a.example/i.png)")
    }

    @Test("a title is one line without targets")
    func singleLine() {
        #expect(HTMLText.singleLine(of: "A &amp; <b>B</b>\n <a href='https://x.example'>C</a>") == "A & B C")
    }

    @Test("plain text becomes Markdown that shows the same")
    func plainToMarkdown() {
        #expect(HTMLText.markdown(ofPlainText: "a *b*\r\nc\n\n\n# d") == "a \\*b\\*  \nc\n\n\\# d")
    }

    @Test(
        "HTML is told from plain text by tags and entities",
        arguments: [
            ("a <b>c</b>", true), ("x<br/>y", true), ("AT&amp;T", true), ("&#169;", true), ("a </p>", true),
            ("&nbsp;", true),
            ("a < b > c", false), ("AT&T;", false), ("a & b", false), ("1 <2", false), ("<3", false), ("", false),
        ])
    func looksLikeHTML(_ text: String, _ isHTML: Bool) {
        #expect(HTMLText.looksLikeHTML(text) == isHTML)
    }

    @Test("what is nested too deeply keeps its text")
    func deep() {
        let html =
            String(repeating: "<div><b>", count: 5_000) + "deep" + String(repeating: "</b></div>", count: 5_000)
            + "<p>after</p>"
        let text = HTMLText.plainText(of: html)
        #expect(text.contains("deep") && text.contains("after"))
    }

    @Test("no piece of HTML harms the reader")
    func hostile() {
        let piece = Array(
            "<table><tr><td><ul><li>a<pre><a href=\"x\"><p>&#xD800;&#0;<!-- --><![CDATA[x]]></td></table></".utf8)
        for start in piece.indices {
            let html = String(decoding: piece[start...] + piece[..<start], as: UTF8.self)
            #expect(HTMLText.plainText(of: html).utf8.count < 200)
            #expect(HTMLText.markdown(of: html).utf8.count < 300)
        }
    }
}
