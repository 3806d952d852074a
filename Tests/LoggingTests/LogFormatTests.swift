import Logging
import Messages
import Testing

private let time = Timestamp(milliseconds: 1_795_184_130_123)

private func text(_ name: String, _ fields: KeyValuePairs<String, String> = [:], level: LogLevel = .info) -> String {
    String(decoding: LogFormat.text.line(for: event(name, fields, level: level), at: time), as: UTF8.self)
}

private func json(_ name: String, _ fields: KeyValuePairs<String, String> = [:]) throws -> JSON {
    let line = LogFormat.json.line(for: event(name, fields, level: .info), at: time)
    try #require(line.last == UInt8(ascii: "\n"))
    try #require(line.filter { $0 == UInt8(ascii: "\n") }.count == 1)
    return try JSON(parsing: line)
}

private func event(_ name: String, _ fields: KeyValuePairs<String, String>, level: LogLevel) -> LogEvent {
    LogEvent(level: level, name: name, fields: fields.map { LogField(name: $0, value: $1) })
}

@Suite struct LogFormatTests {
    @Test("a text line is level, time, event, then facts in their order")
    func order() {
        let line = text("spool opened", ["path": "data/spool.db", "messages": "12"], level: .warning)
        #expect(line == "warning 2026-11-20T14:15:30.123Z spool opened path=data/spool.db messages=12\n")
    }

    @Test(
        "a value stands as it is, or in quotes when it would end early",
        arguments: [
            ("plain", "plain"),
            ("mail:ann@example.org", "mail:ann@example.org"),
            ("Grüße,北京", "Grüße,北京"),
            ("", "\"\""),
            ("two words", "\"two words\""),
            ("a=b", "\"a=b\""),
            ("say \"hi\"", #""say \"hi\"""#),
            (#"back\slash"#, #""back\\slash""#),
        ])
    func quoting(value: String, written: String) {
        #expect(text("sent", ["value": value]) == "info 2026-11-20T14:15:30.123Z sent value=\(written)\n")
    }

    @Test(
        "nothing in a value makes a second line or moves the terminal's cursor",
        arguments: [
            ("a\ninfo 2026 forged", #"a\ninfo 2026 forged"#),
            ("a\r\nb", #"a\r\nb"#),
            ("a\tb", #"a\tb"#),
            ("\u{1B}[2J", #"\u{1b}[2J"#),
            ("\u{0}", #"\u{0}"#),
            ("\u{7F}", #"\u{7f}"#),
            ("\u{85}", #"\u{85}"#),
            ("\u{2028}", #"\u{2028}"#),
            ("\u{202E}drawkcab", #"\u{202e}drawkcab"#),
            ("\u{200B}", #"\u{200b}"#),
        ])
    func injection(value: String, escaped: String) {
        #expect(text("sent", ["value": value]) == "info 2026-11-20T14:15:30.123Z sent value=\"\(escaped)\"\n")
    }

    @Test("the event and the names of facts cannot make a second line either")
    func hostileNames() {
        #expect(text("sent\nagain", ["again in\n": "1"]).dropFirst(30) == #"sent\nagain again_in\n=1"# + "\n")
    }

    @Test("a JSON line is one object with time, level, event and fields")
    func object() throws {
        let value = try json("spool opened", ["path": "data/spool.db", "reason": "a \"b\"\nc"])
        #expect(
            value == [
                "time": "2026-11-20T14:15:30.123Z", "level": "info", "event": "spool opened",
                "fields": ["path": "data/spool.db", "reason": "a \"b\"\nc"],
            ])
    }

    @Test("a JSON line without facts has empty fields")
    func noFields() throws {
        #expect(try json("started")["fields"] == [:])
    }

    @Test(
        "a value of many bytes is cut between characters, and the line says how much is missing", arguments: [0, 1, 2])
    func longValues(shift: Int) throws {
        let long = String(repeating: "x", count: shift) + String(repeating: "語", count: 2_000)
        let value = try #require(try json("sent", ["value": long])["fields"]?["value"]?.string)
        let kept = try #require(value.firstIndex(of: "…"))
        #expect(long.hasPrefix(value[..<kept]))
        let left = long.utf8.count - value[..<kept].utf8.count
        #expect(value[kept...] == "… (\(left) bytes more)")
        #expect((4_093...4_096).contains(value[..<kept].utf8.count))
    }

    @Test("a value of exactly the limit is written whole")
    func limit() {
        let value = String(repeating: "x", count: LogFormat.maximumValueLength)
        #expect(text("sent", ["value": value]).hasSuffix(" value=\(value)\n"))
    }

    @Test("colour is put on the level and nowhere else", arguments: LogLevel.allCases)
    func colour(level: LogLevel) {
        let plain = LogFormat.text.line(for: event("sent", [:], level: level), at: time)
        let coloured = LogFormat.text.line(for: event("sent", [:], level: level), at: time, usesColour: true)
        let text = String(decoding: coloured, as: UTF8.self)
        #expect(text.hasPrefix("\u{1B}["))
        #expect(text.split(separator: "\u{1B}").count == 2)
        #expect(text.hasSuffix("m" + String(decoding: plain, as: UTF8.self).dropFirst(level.rawValue.count)))
    }

    @Test("JSON is never coloured")
    func colourlessJSON() {
        let event = event("sent", [:], level: .error)
        #expect(
            LogFormat.json.line(for: event, at: time, usesColour: true) == LogFormat.json.line(for: event, at: time))
    }
}
