import Testing

@testable import Markup

@Suite("XML reader")
struct XMLReaderTests {
    private func read(_ xml: String, limits: MarkupLimits = MarkupLimits()) throws -> XMLDocument {
        try XMLReader(limits: limits).read(Array(xml.utf8))
    }

    @Test("names carry their namespace's URI, whatever the prefix")
    func namespaces() throws {
        let root = try read(
            "<a xmlns='urn:one' xmlns:p='urn:two'><p:b p:c='1' d='2'/><e xmlns=''/><q:f/></a>"
        ).root
        let children = Array(root.elements)
        #expect(root.namespace == "urn:one")
        #expect(children.map(\.name) == ["b", "e", "q:f"])
        #expect(children.map(\.namespace) == ["urn:two", "", ""])
        #expect(children[0].attribute("c", namespace: "urn:two") == "1")
        #expect(children[0].attribute("c") == nil)
        #expect(children[0].attribute("d") == "2")
    }

    @Test("text and CDATA are joined, entities decoded, comments and instructions left out")
    func text() throws {
        let document = try read(
            "<?xml version=\"1.0\"?><!-- x --><a>1 &amp; 2<!-- no --> <![CDATA[<b>&amp;]]>&#x1F600;<?php no?></a>")
        #expect(document.root.children == [.text("1 & 2 <b>&amp;\u{1F600}")])
        #expect(document.fault == nil)
    }

    @Test("an element knows its line, after comments and a document type as well")
    func lines() throws {
        let root = try read("<!DOCTYPE a [\n<!ENTITY b 'c'>\n]>\n<a>\n<!-- \n -->\n<b/></a>").root
        #expect(root.line == 4)
        #expect(Array(root.elements)[0].line == 7)
    }

    @Test(
        "a mended fault leaves the text, and the first fault is kept",
        arguments: [
            ("<a>R&D</a>", "R&D", 1, "\"&\""),
            ("<a>\n&unheard;</a>", "\n&unheard;", 2, "&unheard;"),
            ("<a>1 < 2</a>", "1 < 2", 1, "\"<\""),
            ("<a>x\u{1}y\u{0}z</a>", "xyz", 1, "number 1"),
            ("<a>x&#1;y</a>", "xy", 1, "number 1"),
            ("<a><b>x</a>", "x", 1, "<b> is not closed"),
            ("<a>x</b>y</a>", "xy", 1, "</b>"),
            ("<a b=c>x</a>", "x", 1, "no quotes"),
            ("<a b>x</a>", "x", 1, "no value"),
            ("<a>x", "x", 1, ""),
            ("<a>x<![CDATA[y", "xy", 1, "CDATA"),
            ("<b>Warning</b>: no\n<a/>", "Warning", 1, ""),
            ("Notice: x in y.php\n<a>z</a>", "z", 1, "before the first element"),
        ])
    func faults(_ xml: String, _ text: String, _ line: Int, _ message: String) throws {
        let document = try read(xml)
        #expect(document.root.text == text)
        let fault = try #require(document.fault)
        #expect(fault.line == line)
        #expect(fault.message.contains(message) || message.isEmpty, "\(fault)")
    }

    @Test("HTML's entities are known without a declaration and are no fault")
    func undeclaredEntities() throws {
        let document = try read("<a b='&eacute;'>x&nbsp;y&hellip;</a>")
        #expect(document.root.text == "x\u{A0}y…")
        #expect(document.root.attribute("b") == "é")
        #expect(document.fault == nil)
    }

    @Test("an unclosed element does not swallow its neighbours")
    func siblings() throws {
        let root = try read("<r><i><d>a<br>b</d></i><i>c</i></r>").root
        #expect(root.elements.map(\.name) == ["i", "i"])
        #expect(root.elements.map(\.text) == ["ab", "c"])
    }

    @Test("declared entities are never expanded, whether they multiply or point to a file")
    func entities() throws {
        let laughs = """
            <!DOCTYPE lolz [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">
            <!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;"><!ENTITY f SYSTEM "file:///etc/passwd">]>
            <lolz d="&c;">&c;&f;</lolz>
            """
        let root = try read(laughs).root
        #expect(root.text == "&c;&f;")
        #expect(root.attribute("d") == "&c;")
    }

    @Test("a document type in the middle of a document declares nothing either")
    func lateDocumentType() throws {
        #expect(try read("<a><!DOCTYPE a [<!ENTITY b 'c'>]>&b;</a>").root.text == "&b;")
    }

    @Test("what is nested beyond the limit is refused with its line")
    func depth() throws {
        let nested = { (count: Int) in
            String(repeating: "<a>", count: count) + "x" + String(repeating: "</a>", count: count)
        }
        #expect(try read(nested(128)).root.text == "x")
        #expect(throws: MarkupError.tooDeep(line: 1, limit: 128)) { try read(nested(129)) }
        #expect(throws: MarkupError.tooDeep(line: 1, limit: 128)) { try read(nested(100_000)) }
    }

    @Test("too many bytes or nodes are refused")
    func size() throws {
        #expect(throws: MarkupError.tooLarge(bytes: 8, limit: 7)) {
            try read("<a>b</a>", limits: MarkupLimits(bytes: 7))
        }
        #expect(throws: MarkupError.tooMany(line: 2, limit: 3)) {
            try read("<a>\n<b/><b/><b/></a>", limits: MarkupLimits(nodes: 3))
        }
    }

    @Test(
        "what holds no element is refused and says why", arguments: ["", "   ", "hello", "{\"a\": 1}", "<", "<!-- a"])
    func nothing(_ text: String) {
        let error = #expect(throws: MarkupError.self) { try read(text) }
        guard case .noElement = error else {
            Issue.record("\(String(describing: error))")
            return
        }
    }

    @Test("no byte sequence harms the reader")
    func hostileBytes() {
        let piece =
            Array("<!DOCTYPE a[<!ENTITY b 'c'>]><a b='&c;\u{0}'>&#x110000;<![CDATA[]]]]><b/></a>".utf8) + [
                0xFF, 0xEF, 0xBF, 0xBF,
            ]
        for start in piece.indices {
            for end in start...piece.count {
                let document = try? XMLReader().read(Array(piece[start..<end]) + Array(piece[..<start]))
                #expect((document?.root.text.utf8.count ?? 0) < 400)
            }
        }
    }
}
