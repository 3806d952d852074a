import Testing

@testable import Markup

/// Documents that make a careless reader work for hours; each is read in a moment.
@Suite("Hostile documents", .timeLimit(.minutes(1)))
struct HostileMarkupTests {
    static let pieces = [
        "<b>", "<div> ", "<p>", "<table>", "<a href=x>", "<ul><li>", "<blockquote>", "<table><tr><td>", "<i>x</i>",
        "<span>x</span>",
        "<!--", "<?", "<![CDATA[", "<!DOCTYPE a[", "&", "&nbsp;", "<a", "<a b='", "</b>", "<", "&#", "<pre>", "<li>x",
        "x<br>",
    ]

    @Test("a piece that is repeated very often", arguments: pieces)
    func repeated(_ piece: String) {
        let text = String(repeating: piece, count: 200_000 / piece.utf8.count)
        #expect(HTMLText.markdown(of: text).utf8.count < 4_000_000)
        #expect(HTMLText.plainText(of: text).utf8.count < 4_000_000)
        #expect(HTMLText.looksLikeHTML(text) == HTMLText.looksLikeHTML(String(text.prefix(200))))
        _ = try? XMLReader().read(text)
    }

    @Test("many small pieces in the deepest element")
    func deepPieces() {
        let text = String(repeating: "<div>", count: 200) + String(repeating: "<i>x</i>", count: 100_000)
        #expect(HTMLText.plainText(of: text).utf8.count == 100_000)
    }

    @Test("many lines in many quotes")
    func quotes() {
        let text = String(repeating: "<blockquote>", count: 100) + String(repeating: "x<br>", count: 50_000)
        #expect(HTMLText.plainText(of: text).hasPrefix("> > > > > > > > > > x\n"))
    }

    @Test("a wide row and many rows")
    func wideTable() {
        let text =
            "<table><tr>" + String(repeating: "<td>x", count: 5_000)
            + String(repeating: "<tr><td>y<td>z", count: 5_000)
        #expect(HTMLText.markdown(of: text).utf8.count < 500_000)
    }
}
