import Messages
import Testing

@testable import Email

@Suite("Reading contents")
struct ContentReadingTests {
    @Test("of alternatives the plain text is read, and the HTML where the plain text says nothing")
    func alternatives() throws {
        func alternative(_ plain: String) -> [UInt8] {
            mail(
                "Content-Type: multipart/alternative; boundary=\"b 1\"", "", "preamble", "--b 1", "", plain, "--b 1  ",
                "Content-Type: text/html", "", "<p>Hello <b>you</b></p>", "--b 1--", "epilogue")
        }
        #expect(texts(try MailParser.parse(alternative("Hello you"))) == ["plain: Hello you"])
        #expect(texts(try MailParser.parse(alternative("  "))) == ["markdown: Hello **you**"])
    }

    @Test("of much HTML the beginning is read, and all of it kept")
    func largeHTML() throws {
        let html = "<p>Start</p><pre>" + String(repeating: "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\r\n", count: 28_000)
        let parsed = try MailParser.parse(mail("Content-Type: text/html", "", html))
        #expect(texts(parsed).first?.hasPrefix("markdown: Start") == true)
        #expect(files(parsed).map(\.name) == ["message.html"] && files(parsed).first?.bytes == Array(html.utf8))
    }

    @Test("nested multiparts give texts and files in their order")
    func nesting() throws {
        let parsed = try MailParser.parse(
            mail(
                "Content-Type: multipart/mixed; boundary=o", "", "--o", "Content-Type: multipart/related; boundary=r",
                "",
                "--r", "Content-Type: multipart/alternative; boundary=a", "", "--a", "", "words", "--a",
                "Content-Type: text/html", "", "<p>words<img src=cid:pic></p>", "--a--", "--r",
                "Content-Type: image/png; name=p.png", "Content-Transfer-Encoding: base64",
                "Content-ID: <pic@x.example>", "", "iVBORw0=", "--r--", "--o", "Content-Type: application/pdf",
                "Content-Disposition: attachment; filename*=utf-8''%E6%8A%A5%E8%A1%A8%201.csv", "", "%PDF", "--o", "",
                "the list's footer", "--o--"))
        #expect(texts(parsed) == ["plain: words", "plain: the list's footer"])
        #expect(files(parsed).map(\.name) == ["p.png", "报表 1.csv"])
        #expect(files(parsed).first?.bytes == [0x89, 0x50, 0x4E, 0x47, 0x0D])
        #expect(files(parsed).first?.contentID == "pic@x.example")
        #expect(files(parsed).last?.bytes == Array("%PDF".utf8))
    }

    @Test(
        "charsets are decoded as they are meant",
        arguments: [
            ("gb2312", [0xC4, 0xE3, 0xBA, 0xC3], "你好"), ("gb2312", [0xE9, 0x46, 0xBB, 0xF9], "镕基"),
            ("iso-8859-1", [0x93, 0x61, 0x94], "“a”"), ("utf-8", [0xE4, 0xBD, 0xA0], "你"),
            ("x-unheard-of", [0x61], "a"),
            ("us-ascii", [0xC3, 0xA9], "é"), ("shift_jis", [0x82, 0xA0], "あ"), ("koi8-r", [0xD0, 0xD2], "пр"),
        ] as [(String, [UInt8], String)])
    func charsets(charset: String, bytes: [UInt8], expected: String) throws {
        let parsed = try MailParser.parse(mail("Content-Type: text/plain; charset=\(charset)", "", "") + bytes)
        #expect(texts(parsed) == ["plain: \(expected)"])
    }

    @Test("encodings are undone, damaged ones as well as can be")
    func encodings() throws {
        func text(_ encoding: String, _ body: String) throws -> String? {
            texts(try MailParser.parse(mail("Content-Transfer-Encoding: \(encoding)", "", body))).first
        }
        #expect(try text("quoted-printable", "caf=C3=A9 =\r\nand=20more") == "plain: café and more")
        #expect(try text("Base64", "aGVs\r\nbG8=") == "plain: hello")
        #expect(try text("base64", "aGVs!!!bG8") == "plain: hello")
        #expect(try text("quoted-printable", "50=% =XY=") == "plain: 50=% =XY")
        #expect(try text("8bit", "as it is") == "plain: as it is")
        #expect(try text("x-unknown", "as it is") == "plain: as it is")
    }

    @Test("flowed text is joined, quotes and signatures stay apart")
    func flowed() throws {
        let parsed = try MailParser.parse(
            mail(
                "Content-Type: text/plain; format=flowed", "", "one ", "two", "> quoted ", "> further", ">> deeper",
                " From here", "", "-- ", "Ann"))
        #expect(
            texts(parsed) == ["plain: one two\n> quoted further\n>> deeper\nFrom here\n\n-- \nAnn"])
        #expect(FlowedText.unwrapped("寫 \n字", deletesSpace: true) == "寫字")
    }

    @Test("a message in a message is a file with its bytes as they came")
    func messageInMessage() throws {
        let inner = "Subject: inner\r\n\r\ntext\r\n"
        let parsed = try MailParser.parse(
            mail(
                "Content-Type: multipart/mixed; boundary=b", "", "--b", "", "see below", "--b",
                "Content-Type: message/rfc822", "", inner, "--b--"))
        #expect(files(parsed).first?.bytes == Array(inner.utf8))
        #expect(files(parsed).first?.name == "message.eml")
    }

    @Test("a multipart without boundary lines is read as text")
    func brokenMultipart() throws {
        let none = try MailParser.parse(mail("Content-Type: multipart/mixed", "", "all I have"))
        #expect(texts(none) == ["plain: all I have"])
        let wrong = try MailParser.parse(mail("Content-Type: multipart/mixed; boundary=b", "", "--c", "all I have"))
        #expect(texts(wrong) == ["plain: --c\nall I have"])
        let open = try MailParser.parse(mail("Content-Type: multipart/mixed; boundary=b", "", "--b", "", "cut off"))
        #expect(texts(open) == ["plain: cut off"])
    }

    @Test("deep nests end in a file, and too many parts are refused")
    func bombs() throws {
        var deep = "text"
        for level in 0..<60 {
            deep =
                "Content-Type: multipart/mixed; boundary=b\(level)\r\n\r\n--b\(level)\r\n\(deep)\r\n--b\(level)--\r\n"
        }
        let parsed = try MailParser.parse(Array(deep.utf8))
        #expect(files(parsed).count == 1)
        let many =
            "Content-Type: multipart/mixed; boundary=b\r\n\r\n" + String(repeating: "--b\r\n\r\nx\r\n", count: 300)
        #expect(throws: MailError.tooManyParts(limit: 200)) { try MailParser.parse(Array(many.utf8)) }
    }

    @Test(
        "names of files lead nowhere",
        arguments: [
            ("../../etc/passwd", "passwd"), ("C:\\\\Users\\\\a.txt", "a.txt"), (".bashrc", "bashrc"),
            ("a\u{202E}fdp.exe", "afdp.exe"),
        ])
    func fileNames(given: String, expected: String) throws {
        let parsed = try MailParser.parse(
            mail("Content-Disposition: attachment; filename=\"\(given)\"", "", "x"))
        #expect(files(parsed).first?.name == expected)
    }

    @Test("a name in encoded words, where none belong, is decoded")
    func encodedName() throws {
        let parsed = try MailParser.parse(
            mail("Content-Type: application/pdf; name=\"=?UTF-8?B?5oql6KGoLnBkZg==?=\"", "", "x"))
        #expect(files(parsed).first?.name == "报表.pdf")
    }

    @Test("no cut or change of a mail makes the parser fail to return")
    func mutations() throws {
        let whole = mail(
            "From: a@b", "Content-Type: multipart/mixed; boundary=x", "", "--x", "Content-Transfer-Encoding: base64",
            "", "QUJD",
            "--x", "Content-Type: text/html; charset=gb2312", "", "<p>", "--x--")
        for index in whole.indices {
            #expect(throws: Never.self) { try MailParser.parse(Array(whole[...index])) }
            var changed = whole
            changed[index] = UInt8(truncatingIfNeeded: index &* 37)
            #expect(throws: Never.self) { try MailParser.parse(changed) }
        }
    }
}
