import Testing

@testable import postroad

@Suite struct TableTests {
    @Test("columns line up, and the last one is cut to the width")
    func columns() {
        var table = Table("ID", "WHO", "WHAT")
        table.append("1", "ann", "a text that is longer than the line")
        table.append("200", "", "short")
        #expect(
            table.lines(width: 30) == [
                "ID   WHO  WHAT", "1    ann  a text that is long…", "200       short",
            ])
    }

    @Test("the last column keeps twelve characters, however narrow the terminal")
    func narrow() {
        var table = Table("NAME", "WHAT")
        table.append("a rather long name", "0123456789abcdef")
        #expect(table.lines(width: 10).last == "a rather long name  0123456789a…")
    }

    @Test("a wide column is made narrower so that the line fits into the terminal", arguments: [60, 80])
    func fits(width: Int) {
        var table = Table("NUMBER", "TO", "ACCEPTED", "WHAT")
        table.append("4096", "hook:" + String(repeating: "信", count: 20), "12-01 04:09:07", "a text that is long")
        table.append("8192", "hook:crm", "12-01 04:09:08", "short")
        let lines = table.lines(width: width)
        #expect(lines.allSatisfy { $0.columns <= width }, "\(lines)")
        #expect(lines[1].contains("hook:信") && lines[1].contains("… "))
        #expect(lines[1].contains("12-01 04:09:07"), "times stay whole")
    }

    @Test("long values go on below themselves, and long words stay whole")
    func wrapped() {
        #expect(Console.wrapped("one two three", width: 20) == ["one two three"])
        #expect(Console.wrapped("one two three", width: 8) == ["one two", "three"])
        #expect(Console.wrapped("0123456789 x", width: 5) == ["0123456789", "x"])
        #expect(Console.wrapped("", width: 5) == [""])
        let text = printed(width: 30) { $0.print("subject", "one two three four five six", indent: 2) }
        #expect(text == "  subject    one two three\n             four five six\n")
    }

    @Test("text in other scripts is left as it is", arguments: ["Grüße", "信件", "👩‍👩‍👧", "‏שלום", "e\u{301}"])
    func scripts(text: String) {
        #expect(Table.printable(text) == text)
    }

    @Test(
        "wide characters take two columns, and are not cut in half",
        arguments: [
            ("abc", 3, "abc"), ("信件", 4, "信件"), ("信件路由", 6, "信件…"), ("a信件", 4, "a信…"), ("👩‍👩‍👧ok!", 4, "👩‍👩‍👧o…"),
            ("e\u{301}e\u{301}", 2, "e\u{301}e\u{301}"),
            ("한글 메일", 7, "한글 …"), ("", 1, ""),
        ])
    func wide(text: String, width: Int, cut: String) {
        #expect(text.cut(toColumns: width) == cut)
        #expect(text.cut(toColumns: width).columns <= width)
    }

    @Test("columns line up below wide characters")
    func wideColumns() {
        var table = Table("WHO", "WHAT")
        table.append("信件", "x")
        table.append("ann", "y")
        #expect(table.lines(width: 80) == ["WHO   WHAT", "信件  x", "ann   y"])
    }
}
