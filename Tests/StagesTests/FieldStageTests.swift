import Messages
import Testing

@testable import Stages

@Suite struct UnsetStageTests {
    @Test("every field that set writes can be removed, and others stay")
    func fields() throws {
        let envelope = try sample { envelope in
            envelope.parts.append(Part(type: .image, content: .bytes([1])))
            envelope.thread = "t"
            envelope.sender = Sender(name: "Ann", isAuthenticated: true)
            envelope.priority = .high
            envelope.replyTo = envelope.from
            envelope.expires = envelope.time
            envelope.notBefore = envelope.time
            envelope.meta = ["a": ["b": 1, "c": 2], "d": 3]
            envelope.headers = ["X-One": "1", "X-Two": "2"]
        }
        let names = EnvelopeField.named.map(\.name).joined(separator: ", ")
        let bare = try pass("{unset: [\(names), meta.a.b, headers.x-one]}", envelope)
        #expect(bare.parts == [Part(type: .image, content: .bytes([1]))])
        #expect(bare.subject == nil && bare.thread == nil && bare.replyTo == nil)
        #expect(bare.expires == nil && bare.notBefore == nil && bare.priority == .normal)
        #expect(bare.sender == Sender(isAuthenticated: true))
        #expect(bare.meta == ["a": ["c": 2], "d": 3])
        #expect(bare.headers == ["X-Two": "2"])
        let empty = try pass("{unset: [meta, headers]}", envelope)
        #expect(empty.meta.isEmpty && empty.headers.isEmpty && empty.subject == "Swift 6.3")
    }

    @Test("what is not there is no fault")
    func nothing() throws {
        #expect(try pass("{unset: [meta.x.y, thread, sender.name]}", sample()) == sample())
    }

    @Test("fields that do not exist are reported")
    func faults() {
        #expect(
            read(via: "{unset: [subjekt, meta.]}").diagnostics == [
                "routes.yaml:2:15: via.unset[0]: no field is named \"subjekt\"; expected subject, text, priority, thread, reply_to, sender.name, expires, not_before, meta.NAME or headers.NAME; did you mean \"subject\"?",
                "routes.yaml:2:24: via.unset[1]: no field is named \"meta.\"; expected subject, text, priority, thread, reply_to, sender.name, expires, not_before, meta.NAME or headers.NAME",
            ])
    }
}

@Suite struct RenameStageTests {
    @Test("values keep their type within meta, and are texts elsewhere")
    func types() throws {
        let envelope = try sample { $0.meta = ["n": 7, "list": [1, "a"], "ok": true] }
        let renamed = try pass("{rename: {meta.n: meta.deep.n, meta.list: meta.all, meta.ok: subject}}", envelope)
        #expect(renamed.meta == ["deep": ["n": 7], "all": [1, "a"]])
        #expect(renamed.subject == "true")
    }

    @Test("two fields can change places, and a field that holds nothing changes nothing")
    func swap() throws {
        let envelope = try sample { $0.meta = ["a": 1, "b": 2] }
        #expect(try pass("{rename: {meta.a: meta.b, meta.b: meta.a}}", envelope).meta == ["b": 1, "a": 2])
        #expect(try pass("{rename: {meta.x: subject, thread: meta.t}}", envelope) == envelope)
        #expect(try pass("{rename: {subject: subject}}", envelope) == envelope)
    }

    @Test("headers, text, subject and thread move")
    func others() throws {
        let envelope = try sample { $0.headers = ["x-topic": "a\u{301} b"] }
        let renamed = try pass("{rename: {headers.X-Topic: thread, subject: text, text: subject}}", envelope)
        #expect(renamed.thread == "a\u{301} b")
        #expect(renamed.headers.isEmpty)
        #expect((renamed.subject, renamed.text) == ("Out now", "Swift 6.3"))
    }

    @Test("a value that does not fit its new field holds the message")
    func misfit() throws {
        let envelope = try sample { $0.meta = ["p": "soon"] }
        let expected = "priority cannot be \"soon\"; expected low, normal, high or urgent"
        #expect(
            try end("{rename: {meta.p: priority}}", envelope)
                == .held(stage: "rename", reason: expected, until: nil, next: 0))
    }

    @Test("fields that do not exist and two with one end are reported")
    func faults() {
        let diagnostics = read(via: "{rename: {subjct: text, thread: text, meta.x: meta.y, meta.z: meta.y}}")
            .diagnostics
        #expect(diagnostics.count == 2)
        #expect(diagnostics.first?.hasPrefix("routes.yaml:2:16: via.rename.subjct: no field is named") == true)
        #expect(diagnostics.last == "routes.yaml:2:68: via.rename[\"meta.z\"]: another field moves to meta.y already")
    }
}

@Suite struct EndAndHoldStageTests {
    @Test("the reason is a template, and one line without control characters")
    func reason() throws {
        let envelope = try sample(subject: "a\u{1B}[2J") { $0.parts = [.text("one\ntwo")] }
        #expect(
            try end("{end: \"{{subject}}: {{text}}\"}", envelope)
                == .dropped(stage: "end", reason: "a\\u{1B}[2J: one two"))
    }

    @Test("where limits both, and for lets a held message go on")
    func conditions() throws {
        #expect(try end("{end: {reason: x, where: {subject: /rust/}}}", sample()) == .passed)
        #expect(try end("{hold: {reason: x, where: {subject: /rust/}}}", sample()) == .passed)
        let until = try context().now + .seconds(7_200)
        #expect(
            try end("{hold: {reason: look, where: {subject: /swift/i}, for: 2h}}", sample())
                == .held(stage: "hold", reason: "look", until: until, next: 1))
    }

    @Test("a condition that is given up holds the message at this stage")
    func givenUp() throws {
        let text = String(repeating: "a", count: 5_000) + "b"
        let end = try end("{end: {reason: x, where: {text: '/(a+)+$/'}}}", sample(text: text))
        guard case .held(_, _, _, 0) = end else {
            Issue.record("\(end)")
            return
        }
    }

    @Test(
        "settings that make no sense are reported",
        arguments: [
            (
                "{end: \"{{sbject}}\"}",
                "2:15: via.end: no variable named \"sbject\" is known; did you mean \"subject\"?"
            ),
            ("{end: \"\"}", "2:12: via.end: expected a reason"),
            ("{hold: {for: 1h}}", "2:13: via.hold: the key \"reason\" is missing; it takes a text"),
            (
                "{hold: {reason: x, for: soon}}",
                "2:30: via.hold.for: expected a duration such as 15m or 1h30m, got the text \"soon\""
            ),
            (
                "{end: {reason: x, where: {sbject: y}}}",
                "2:32: via.end.where.sbject: messages have no field named \"sbject\"; did you mean \"subject\"?"
            ),
        ])
    func faults(via: String, expected: String) {
        #expect(read(via: via).diagnostics == ["routes.yaml:\(expected)"])
    }
}

@Suite struct RequireStageTests {
    @Test("an authenticated sender passes, and others are dropped or held")
    func authenticated() throws {
        let known = try sample { $0.sender = Sender(isAuthenticated: true) }
        #expect(try end("{require: authenticated}", known) == .passed)
        let reason = "the platform does not vouch for news:ann@example.org"
        #expect(try end("{require: authenticated}", sample()) == .dropped(stage: "require", reason: reason))
        #expect(
            try end("{require: {authenticated: true, otherwise: hold}}", sample())
                == .held(stage: "require", reason: reason, until: nil, next: 1))
    }

    @Test(
        "members are addresses, or patterns with a star",
        arguments: [
            ("news:ann@example.org", true), ("\"news:*@example.org\"", true), ("\"news:*\"", true),
            ("\"news:ann@*\"", true), ("\"news:a*ann@example.org\"", false), ("news:Ann@example.org", false),
            ("\"mail:*\"", false), ("news:ann@example.or", false), ("\"peer!news:*\"", false),
        ])
    func members(member: String, passes: Bool) throws {
        let end = try end("{require: {member: \(member)}}", sample())
        #expect((end == .passed) == passes)
    }

    @Test("a file gives members too, beside those of the list")
    func file() throws {
        let files = ["members.txt": "# staff\n\n  news:ann@example.org  \r\nmail:*@example.com\n"]
        #expect(try end("{require: {file: members.txt}}", sample(), files: files) == .passed)
        let bo = try Address(parsing: "news:bo@example.org")
        let other = try sample { $0.from = bo }
        #expect(try end("{require: {file: members.txt}}", other, files: files) != .passed)
        #expect(
            try end("{require: {file: members.txt, member: news:bo@example.org}}", other, files: files) == .passed)
    }

    @Test(
        "settings that make no sense are reported",
        arguments: [
            (
                "{require: authentic}",
                "2:16: via.require: expected authenticated, got the text \"authentic\"; did you mean \"authenticated\"?"
            ),
            ("{require: {}}", "2:16: via.require: expected authenticated: true, member or file in it"),
            (
                "{require: {member: ann}}",
                "2:25: via.require.member[0]: \"ann\" is no sender: it is no address such as mail:ann@example.org"
            ),
            (
                "{require: {member: \"a:*x*\"}}",
                "2:25: via.require.member[0]: \"a:*x*\" is no sender: there is more than one * in it"
            ),
            (
                "{require: {member: \"*@x.org\"}}",
                "2:25: via.require.member[0]: \"*@x.org\" is no sender: the * stands before the mailbox is named, as in mail:*"
            ),
            ("{require: {file: gone.txt}}", "2:23: via.require.file: gone.txt: there is no such file"),
            (
                "{require: {file: bad.txt}}",
                "2:23: via.require.file: \"ann\" in line 2 of bad.txt is no sender: it is no address such as mail:ann@example.org"
            ),
        ])
    func faults(via: String, expected: String) {
        let diagnostics = read(via: via, files: ["bad.txt": "\nann\nmail:x"]).diagnostics
        #expect(
            diagnostics.map { $0.replacing("member[0]", with: "member") } == [
                "routes.yaml:\(expected)".replacing("member[0]", with: "member")
            ])
    }
}
