import Configuration
import Messages
import Testing

@testable import Stages

@Suite struct TruncateStageTests {
    @Test("a number or a mapping gives the length")
    func forms() throws {
        let envelope = try sample(text: "one two three four")
        #expect(try pass("{truncate: 8}", envelope).text == "one two…")
        #expect(try pass("{truncate: {length: 10, ellipsis: \" [..]\"}}", envelope).text == "one t [..]")
        #expect(try pass("{truncate: {length: 7, ellipsis: \"\"}}", envelope).text == "one two")
        #expect(try pass("{truncate: 18}", envelope) == envelope)
    }

    @Test("the texts of all parts count as one, and other parts stay")
    func parts() throws {
        let envelope = try sample(text: "one two") { envelope in
            envelope.parts.append(Part(type: .image, content: .bytes([1])))
            envelope.parts.append(.text("three four"))
        }
        let cut = try pass("{truncate: 12}", envelope)
        #expect(cut.parts == [.text("one two\n\nth…"), Part(type: .image, content: .bytes([1]))])
    }

    @Test(
        "lengths that make no sense are reported",
        arguments: [
            ("0", "expected 1 to 100000, got 0"), ("many", "expected a whole number, got the text \"many\""),
            ("{length: 3, ellipsis: more}", "an ellipsis of 4 characters leaves no room in 3"),
            ("{lenght: 3}", "no key named \"lenght\" is known here; did you mean \"length\"?"),
        ])
    func faults(settings: String, message: String) throws {
        let diagnostics = read(via: "[{truncate: \(settings)}]").diagnostics
        #expect(diagnostics.count == 1)
        #expect(try #require(diagnostics.first).hasSuffix(message), "\(diagnostics)")
    }
}

@Suite struct TemplateStageTests {
    @Test("a text alone writes the text, and keeps its format")
    func scalar() throws {
        let result = try pass("{template: \"*{{subject}}*\\n{{text}}\"}", sample(format: .markdown))
        #expect(result.parts == [.text("*Swift 6.3*\nOut now", format: .markdown)])
    }

    @Test("subject, text and format are written from the message as it came")
    func mapping() throws {
        let stage = "{template: {subject: \"{{text}}\", text: \"{{subject}}\", format: markdown}}"
        let result = try pass(stage, sample())
        #expect(result.subject == "Out now")
        #expect(result.parts == [.text("Swift 6.3", format: .markdown)])
    }

    @Test("a subject is one line, and goes when it is empty")
    func subject() throws {
        #expect(try pass("{template: {subject: \"{{text}}\"}}", sample(text: "a\r\nBcc: b\u{0}")).subject == "a Bcc: b")
        #expect(try pass("{template: {subject: \"{{thread}}\"}}", sample()).subject == nil)
    }

    @Test("a mapping needs something to do")
    func empty() {
        let diagnostics = read(via: "[{template: {}}]").diagnostics
        #expect(diagnostics == ["routes.yaml:2:18: via[0].template: expected subject, text or format in it"])
    }
}

@Suite struct SetStageTests {
    @Test("every field can be set, from the message as it came")
    func fields() throws {
        let stage = """
            {set: {subject: "[{{topic.class}}] {{subject}}", text: "{{subject}}", priority: high, thread: "t-{{from.user}}",
              reply_to: "mail:bo@example.org", sender.name: Bo, meta.a.b: "{{id}}", meta.n: 3, meta.yes: true, meta.s: "3",
              headers.x-spam: "{{kind}}", expires: 1h, not_before: "2026-01-05T10:30:00Z"}}
            """
        let result = try pass(stage, sample { $0.headers = ["X-Spam": "old"] })
        #expect(result.subject == "[lobsters/swift] Swift 6.3")
        #expect(result.text == "Swift 6.3")
        #expect(result.priority == .high)
        #expect(result.thread == "t-ann@example.org")
        #expect(result.replyTo == (try Address(parsing: "mail:bo@example.org")))
        #expect(result.sender?.name == "Bo")
        let id: JSON = "01890a5d-ac96-774b-bcce-b302099a8057"
        #expect(result.meta == ["a": ["b": id], "n": 3, "yes": true, "s": "3"])
        #expect(result.headers == ["x-spam": "message"])
        #expect(result.expires == (try Timestamp(parsing: "2026-01-05T11:00:00Z")))
        #expect(result.notBefore == (try Timestamp(parsing: "2026-01-05T10:30:00Z")))
    }

    @Test("an empty value removes the field")
    func removal() throws {
        let envelope = try sample { envelope in
            envelope.meta = ["a": ["b": 1], "c": 2]
            envelope.headers = ["X-A": "1"]
            envelope.expires = envelope.time
            envelope.thread = "t"
        }
        let stage =
            "{set: {subject: \"\", meta.a.b: \"\", meta.c: \"\", headers.x-a: \"\", expires: \"\", thread: \"\"}}"
        let result = try pass(stage, envelope)
        #expect(result.subject == nil)
        #expect(result.meta == ["a": [:]])
        #expect(result.headers == [:])
        #expect(result.expires == nil)
        #expect(result.thread == nil)
    }

    @Test("a value that was filled in is not shown in the trace")
    func concealed() throws {
        var diagnostics = Diagnostics()
        let loader = ConfigurationLoader(environment: ["TOKEN": "hush"], disk: OneFile(), topLevelKeys: ["via"])
        let node = try #require(loader.load("routes.yaml").node)
        var names = NamedStages(
            YAMLNode(.mapping(YAMLMapping()), at: .builtIn), at: "stages", registry: .standard,
            diagnostics: &diagnostics)
        let chain = names.chain(try #require(node["via"]), at: "via", diagnostics: &diagnostics)
        let branch = try #require(chain.run(sample(), context: context()).branches.first)
        #expect(branch.envelope.headers == ["X-Token": "hush"])
        #expect(
            branch.notes == [
                StepNote(stage: "set", changes: ["thread: nothing → \"open\"", "headers.X-Token: ***"])
            ])
    }

    /// A `set` with a variable.
    private struct OneFile: ConfigurationDisk {
        func read(_ path: String, limit: Int) throws(ConfigurationDiskError) -> [UInt8] {
            Array("via: [{set: {headers.X-Token: \"${TOKEN}\", thread: open}}]".utf8)
        }

        func paths(matching pattern: String) throws(ConfigurationDiskError) -> [String] { [] }
    }

    @Test("no value can put a second line into a header")
    func injection() throws {
        let result = try pass("{set: {headers.X: \"{{text}}\"}}", sample(text: "a\r\nBcc: eve\u{7F}!"))
        #expect(result.headers == ["X": "a Bcc: eve !"])
    }

    @Test("a value that does not fit its field holds the message, with the reason")
    func held() throws {
        let result = try chain("[{set: {priority: \"{{subject}}\"}}]").run(sample(), context: context())
        let reason = "priority cannot be \"Swift 6.3\"; expected low, normal, high or urgent"
        #expect(result.branches.map(\.end) == [.held(stage: "set", reason: reason, until: nil, next: 0)])
        #expect(result.branches.first?.envelope == (try sample()))
    }

    @Test(
        "what cannot be set is reported when the file is read",
        arguments: [
            (
                "{subjct: x}", "2:14: via[0].set.subjct: no field named \"subjct\" can be set",
                "did you mean \"subject\"?"
            ),
            ("{headers.a b: x}", "2:14: via[0].set", "or headers.NAME"),
            ("{priority: hihg}", "2:24: via[0].set.priority: priority cannot be \"hihg\"", "high or urgent"),
            ("{expires: soon}", "2:23: via[0].set.expires: expires cannot be \"soon\"", "2026-01-31T12:00:00Z"),
            ("{reply_to: ann}", "2:24: via[0].set.reply_to: reply_to cannot be \"ann\"", "mail:ann@example.org"),
            ("{subject: \"{{text\"}", "2:24: via[0].set.subject: the braces {{ are not closed", "expected }}"),
            ("{}", "2:13: via[0].set: expected 1 to 100 keys", "got 0"),
        ])
    func faults(settings: String, beginning: String, end: String) throws {
        let diagnostics = read(via: "[{set: \(settings)}]").diagnostics
        #expect(diagnostics.count == 1)
        let diagnostic = try #require(diagnostics.first)
        #expect(diagnostic.hasPrefix("routes.yaml:\(beginning)"), "\(diagnostic)")
        #expect(diagnostic.hasSuffix(end), "\(diagnostic)")
    }
}

@Suite struct TapStageTests {
    @Test("the copy is the message as it is at that stage")
    func copy() throws {
        let via = "[{set: {subject: one}}, {tap: [inbox:audit, work:C1]}, {set: {subject: two}}]"
        let result = try chain(via).run(sample(), context: context())
        #expect(result.branches.map(\.envelope.subject) == ["two"])
        #expect(result.copies.map(\.recipient.description) == ["inbox:audit", "work:C1"])
        #expect(result.copies.map(\.envelope.subject) == ["one", "one"])
        #expect(
            result.copies.first?.notes.map(\.changes) == [
                ["subject: \"Swift 6.3\" → \"one\""], ["copied to inbox:audit"],
            ])
    }

    @Test("the addresses of a tap are known before it runs, with their places")
    func addresses() throws {
        let addresses = try chain("[{tap: [inbox:a, inbox:b]}]").addresses
        #expect(
            addresses.map { "\($0.position) \($0.keyPath) \($0.address)" } == [
                "routes.yaml:2:14 via[0].tap[0] inbox:a", "routes.yaml:2:23 via[0].tap[1] inbox:b",
            ])
    }
}

@Suite struct FilterStageTests {
    @Test(
        "a message on which a condition does not hold is dropped, and the reason names it",
        arguments: [
            ("{subject: /rust/i}", "subject \"Swift 6.3\" does not match /rust/i"),
            ("{subject: /swift/i, text: /soon/}", "text \"Out now\" does not match /soon/"),
            ("{meta.lang: de}", "meta.lang is missing"),
        ])
    func drops(conditions: String, reason: String) throws {
        let result = try chain("[{filter: \(conditions)}, {set: {subject: x}}]").run(sample(), context: context())
        #expect(result.branches.map(\.end) == [.dropped(stage: "filter", reason: reason)])
        #expect(result.branches.first?.notes == [StepNote(stage: "filter", changes: ["dropped: \(reason)"])])
    }

    @Test("a message on which all conditions hold passes as it is")
    func passes() throws {
        #expect(try pass("{filter: {subject: /swift/i, text: [\"Out now\", \"Soon\"]}}", sample()) == sample())
    }

    @Test("it sees what the stages before it made of the message")
    func order() throws {
        let via = "[{set: {subject: \"Rust\"}}, {filter: {subject: Rust}}]"
        #expect(try chain(via).run(sample(), context: context()).branches.map(\.end) == [.passed])
    }

    @Test("a message on which an expression takes too many steps is held, not dropped")
    func limit() throws {
        let text = String(repeating: "a", count: 5_000)
        let result = try chain("[{filter: {text: \"/^(a+)+$/\"}}]").run(sample(text: text + "!"), context: context())
        let end = try #require(result.branches.first?.end)
        guard case .held("filter", let reason, nil, 0) = end else {
            Issue.record("\(end)")
            return
        }
        #expect(reason.hasPrefix("the condition cannot be evaluated: text"))
    }

    @Test("faults in the conditions are reported at their place")
    func faults() {
        let diagnostics = read(via: "[{filter: {subjekt: x}}]").diagnostics
        #expect(diagnostics.count == 1)
        #expect(diagnostics.first?.hasPrefix("routes.yaml:2:17: via[0].filter.subjekt: ") == true, "\(diagnostics)")
        #expect(diagnostics.first?.hasSuffix("did you mean \"subject\"?") == true, "\(diagnostics)")
    }
}
