import Testing

@testable import Markup

@Suite struct MarkdownTextTests {
    @Test(
        "Markdown with GitHub's extensions becomes HTML",
        arguments: [
            ("**a** ~~b~~", "<p><strong>a</strong> <del>b</del></p>\n"), ("# 标题", "<h1>标题</h1>\n"),
            ("https://example.org", "<p><a href=\"https://example.org\">https://example.org</a></p>\n"), ("", ""),
            ("a\u{0}b", "<p>a\u{FFFD}b</p>\n"),
        ])
    func html(markdown: String, expected: String) {
        #expect(MarkdownText.html(of: markdown) == expected)
    }

    @Test("raw HTML and links that run scripts are left out")
    func safe() {
        #expect(MarkdownText.html(of: "<script>x</script>") == "\n")
        #expect(MarkdownText.html(of: "a <b onclick=x>b</b>") == "<p>a b</p>\n")
        #expect(MarkdownText.html(of: "[a](javascript:x)") == "<p><a href=\"\">a</a></p>\n")
    }

    @Test("Markdown becomes text that people read")
    func plain() {
        #expect(
            MarkdownText.plainText(of: "- *a*\n- [b](https://x.org/y)\n\n> c") == "- a\n- b (https://x.org/y)\n\n> c")
    }

    @Test("plain text keeps its lines and shows its signs")
    func escaped() {
        #expect(
            MarkdownText.html(ofPlainText: "a < b\r\n\"c\" & d\n\n\n e")
                == "<p>a &lt; b<br>\n&quot;c&quot; &amp; d</p>\n<p> e</p>\n")
        #expect(MarkdownText.html(ofPlainText: "\n") == "")
    }

    @Test("a text that is too long to be parsed is taken as it is written")
    func long() {
        let text = String(repeating: "*a* ", count: 20_000)
        #expect(MarkdownText.html(of: text).hasPrefix("<p>*a* "))
        #expect(MarkdownText.plainText(of: text) == text)
    }
}
