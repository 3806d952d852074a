import Configuration
import Messages
import Testing

@testable import Stages

@Suite struct TemplateTests {
    private func template(_ text: String) throws -> Template {
        var reader = TemplateReader(text)
        let template = reader.template()
        try #require(reader.faults == [])
        return template
    }

    private func render(_ text: String, _ change: (inout Envelope) -> Void = { _ in }) throws -> String {
        try template(text).render(sample(change: change), context: context(recipient: "work:C024"))
    }

    @Test(
        "every variable stands for its part of the message",
        arguments: [
            ("{{subject}}", "Swift 6.3"), ("{{text}}", "Out now"), ("{{from}}", "news:ann@example.org"),
            ("{{from.user}}", "ann@example.org"), ("{{from.platform}}", "news"), ("{{topic}}", "news:lobsters/swift"),
            ("{{topic.source}}", "news"), ("{{topic.class}}", "lobsters/swift"),
            ("{{time}}", "2026-01-05T09:07:03.000Z"),
            ("{{id}}", "01890a5d-ac96-774b-bcce-b302099a8057"), ("{{sender.name}}", "Ann"), ("{{kind}}", "message"),
            ("{{priority}}", "normal"), ("{{thread}}", ""), ("{{to}}", "work:C024"), ("{{to.user}}", "C024"),
            ("{{router}}", "hq.example"), ("{{meta.channel}}", "general"), ("{{meta.a.b}}", "7"),
            ("{{meta.a.missing}}", ""), ("{{meta.labels}}", "bug, ui"), ("{{headers.X-Spam}}", "no"),
            ("{{headers.x-spam}}", "no"), ("{{ subject }}", "Swift 6.3"), ("{{\"{{\"}}x", "{{x"),
            ("a {b} }} c", "a {b} }} c"),
        ])
    func variable(text: String, expected: String) throws {
        let rendered = try render(text) { envelope in
            envelope.sender = Sender(name: "Ann")
            envelope.meta = ["channel": "general", "a": ["b": 7], "labels": ["bug", "ui"]]
            envelope.headers = ["X-Spam": "no"]
        }
        #expect(rendered == expected)
    }

    @Test("every variable of the reference page is read", arguments: TemplateVariable.named.map(\.name))
    func named(name: String) {
        #expect(TemplateVariable(parsing: name) != nil)
    }

    @Test(
        "filters work from left to right",
        arguments: [
            ("{{subject | upper}}", "SWIFT 6.3"), ("{{subject|lower}}", "swift 6.3"),
            ("{{subject | truncate:5}}", "Swif…"), ("{{subject | truncate:9}}", "Swift 6.3"),
            ("{{meta.x | default:\"no {{x}} \\\"yet\\\"\"}}", "no {{x}} \"yet\""),
            ("{{meta.x | default:'–' | upper}}", "–"),
            ("{{meta.empty | default:none | upper}}", "NONE"), ("{{meta.padded | trim}}!", "a b!"),
            ("{{meta.padded | truncate:3 | trim | upper}}", "A…"), ("{{subject | upper | lower}}", "swift 6.3"),
            ("{{time | date:\"%Y-%m-%d %H:%M\"}}", "2026-01-05 09:07"), ("{{meta.due | date:\"%e %b\"}}", " 1 Feb"),
            ("{{meta.padded | date:\"%Y\" | trim}}", "a b"), ("{{meta.x | date:\"%Y\" | default:never}}", "never"),
        ])
    func filters(text: String, expected: String) throws {
        let rendered = try render(text) { envelope in
            envelope.meta = ["padded": " a b\n", "empty": "", "due": "2026-02-01T00:00:00Z"]
        }
        #expect(rendered == expected)
    }

    @Test("what a sender wrote is inserted raw, and not read as a template again")
    func raw() throws {
        #expect(try render("*{{subject}}*") { $0.subject = "{{text}} *x* <b>" } == "*{{text}} *x* <b>*")
    }

    @Test("a template that grows without bounds fails")
    func bounded() throws {
        let long = String(repeating: "x", count: 3 << 20)
        let template = try template(String(repeating: "{{text}}", count: 20))
        #expect(throws: StageError.tooLarge(limit: Template.maximumLength)) {
            try template.render(sample(text: long), context: context())
        }
    }

    @Test("a template without variables is constant")
    func constant() throws {
        #expect(try template("a {{\"{{\"}} b").constantText == "a {{ b")
        #expect(try template("a {{\"{{\"}} b").isConstant)
        #expect(try !template("{{id}}").isConstant)
    }
}

@Suite struct TemplateFaultTests {
    @Test(
        "a fault names its place and the nearest word",
        arguments: [
            ("{{subjekt}}", 2, "no variable named \"subjekt\" is known", "subject"),
            ("x {{ mata.lang }}", 5, "no variable named \"mata.lang\" is known", "meta.lang"),
            ("{{zzzzzz}}", 2, "no variable named \"zzzzzz\" is known", nil),
            ("a {{subject", 2, "the braces {{ are not closed; expected }}", nil),
            ("a {{subject {{text}}", 2, "the braces {{ are not closed; expected }}", nil),
            ("{{ }}", 0, "expected the name of a variable between {{ and }}; write {{\"{{\"}} for braces", nil),
            ("{{+}}", 2, "expected the name of a variable, as in {{subject}}", nil),
            ("{{subject text}}", 10, "expected | or }} here", nil),
            ("{{subject | uper}}", 12, "no filter named \"uper\" is known", "upper"),
            ("{{subject | }}", 12, "expected the name of a filter after |", nil),
            ("{{subject | truncate}}", 12, "the filter truncate needs an argument, as in truncate:80", nil),
            ("{{subject | truncate:0}}", 21, "the filter truncate takes a number of characters from 1 to 100000", nil),
            ("{{subject | upper:2}}", 18, "the filter upper takes no argument", nil),
            (
                "{{subject | date:\"%Y\"}}", 17, "this variable holds no time; date goes with time, meta and headers",
                nil
            ),
            ("{{time | date:\"%Q\"}}", 14, "date does not know \"%Q\"", nil),
            ("{{time | date:\"%\"}}", 14, "date does not know \"%\"", nil),
            ("{{subject | default:\"x}}", 20, "the quote is not closed", nil),
            ("{{meta}}", 2, "meta needs a name after it, as in {{meta.channel}}", nil),
            ("{{meta..x}}", 2, "meta needs a name after it, as in {{meta.channel}}", nil),
        ] as [(String, Int, String, String?)])
    func fault(text: String, offset: Int, message: String, suggestion: String?) {
        var reader = TemplateReader(text)
        _ = reader.template()
        #expect(reader.faults == [TemplateFault(offset: offset, message: message, suggestion: suggestion)])
    }

    @Test("every fault of a template is reported")
    func several() {
        var reader = TemplateReader("{{a1}} {{subject | b1}} {{text")
        _ = reader.template()
        #expect(reader.faults.map(\.offset) == [2, 19, 24])
    }

    @Test(
        "a fault stands at its place in the file where that is known, else in the text",
        arguments: [
            ("{template: \"a {{texts}}\"}", "routes.yaml:2:22: via.template: "),
            ("{template: 'a {{texts}}'}", "routes.yaml:2:22: via.template: "),
            ("{template: \"a\\n{{texts}}\"}", "routes.yaml:2:17: via.template: "),
            ("\n  - template: |\n      Hello\n      {{texts}}", "routes.yaml:3:15: via[0].template: "),
        ])
    func place(via: String, beginning: String) throws {
        let diagnostic = try #require(read(via: via).diagnostics.first)
        #expect(diagnostic.hasPrefix(beginning))
        #expect(diagnostic.hasSuffix("did you mean \"text\"?"))
        #expect(diagnostic.contains("at line 2, character 3 of the text") == via.contains("\n") || via.contains("\\n"))
    }
}

@Suite struct TimeFormatTests {
    @Test(
        "a time is written in UTC and English",
        arguments: [
            ("%Y-%m-%d %H:%M:%S", "2026-01-05 09:07:03"), ("%y%%", "26%"), ("%e|%j", " 5|005"),
            ("%B %b", "January Jan"),
            ("%A %a", "Monday Mon"), ("%I %p", "09 AM"), ("%s", "1767604023"), ("%z %Z", "+0000 UTC"),
            ("%FT%T", "2026-01-05T09:07:03"), ("%R", "09:07"), ("", ""),
        ])
    func format(text: String, expected: String) throws {
        #expect(try TimeFormat(parsing: text).format(sample().time) == expected)
    }

    @Test("midnight and noon are twelve", arguments: [("00:00", "12 AM"), ("12:00", "12 PM"), ("13:30", "01 PM")])
    func twelve(time: String, expected: String) throws {
        let time = try Timestamp(parsing: "2024-12-31T\(time):00Z")
        #expect(try TimeFormat(parsing: "%I %p").format(time) == expected)
        #expect(try TimeFormat(parsing: "%j").format(time) == "366")
    }
}

@Suite struct HostileTemplateTests {
    @Test("any text is read as a template or refused", arguments: 0..<20)
    func anyText(seed: Int) throws {
        let pieces = [
            "{{", "}}", "{", "}", "|", ":", "\"", "'", "\\", " ", "subject", "meta.a", "truncate", "5", "date", "%",
            "é", "\n",
        ]
        for _ in 0..<200 {
            let text = (0..<Int.random(in: 0...12)).map { _ in pieces.randomElement() ?? "" }.joined()
            var reader = TemplateReader(text)
            let template = reader.template()
            #expect(reader.faults.allSatisfy { (0...text.unicodeScalars.count).contains($0.offset) }, "\(text)")
            _ = try template.render(sample(), context: context())
        }
    }
}
