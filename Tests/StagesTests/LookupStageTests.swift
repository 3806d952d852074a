import Messages
import Testing

@testable import Stages

@Suite struct LookupStageTests {
    private let files = [
        "c.csv":
            "id,name,level\r\nann@example.org,\"Lee, \"\"Ann\"\"\nof Kiel\",gold\n\nbo@example.org,Bo,high\nann@example.org,Other,x",
        "c.tsv": "name\tid\nAnn\tann@example.org\n", "o.json": "{\"ann@example.org\": {\"tags\": [1, 2]}, \"news\": 7}",
        "l.json": "[{\"id\": 7, \"name\": \"七\"}, {\"id\": \"ann@example.org\", \"name\": \"Ann\"}]",
    ]

    private func meta(_ via: String) throws -> JSONObject { try pass(via, sample(), files: files).meta }

    @Test("a row of values with commas or tabs becomes facts, quotes, commas and line ends in them too")
    func separated() throws {
        #expect(
            try meta("{lookup: {file: c.csv, key: \"{{from.user}}\"}}") == [
                "name": "Lee, \"Ann\"\nof Kiel", "level": "gold",
            ])
        #expect(
            try meta("{lookup: {file: c.tsv, key: \"{{from.user}}\", column: id, into: meta.who}}") == [
                "who": ["name": "Ann"]
            ])
        #expect(
            try meta("{lookup: {file: c.csv, key: BO@example.org, ignore_case: true}}") == [
                "name": "Bo", "level": "high",
            ])
    }

    @Test("JSON keeps its types, in objects by key and in lists")
    func json() throws {
        #expect(try meta("{lookup: {file: o.json, key: \"{{from.user}}\"}}") == ["tags": [1, 2]])
        #expect(try meta("{lookup: {file: o.json, key: \"{{topic.source}}\"}}") == ["value": 7])
        #expect(try meta("{lookup: {file: l.json, column: id, key: \"7\"}}") == ["name": "七"])
    }

    @Test("chosen columns go into fields")
    func fields() throws {
        let via = "{lookup: {file: c.csv, key: bo@example.org, set: {priority: level, subject: name, meta.x: gone}}}"
        let changed = try pass(via, sample(), files: files)
        #expect((changed.priority, changed.subject) == (.high, "Bo"))
        #expect(changed.meta.isEmpty)
        let misfit = via.replacing("bo@", with: "ann@")
        #expect(
            try end(misfit, sample(), files: files)
                == .held(
                    stage: "lookup", reason: "priority cannot be \"gold\"; expected low, normal, high or urgent",
                    until: nil,
                    next: 0))
    }

    @Test("a key that is not in the table is said, and may end or hold the message")
    func missing() throws {
        #expect(try notes("{lookup: {file: c.csv, key: x}}", sample(), files: files) == ["\"x\" is not in c.csv"])
        #expect(
            try end("{lookup: {file: c.csv, key: x, missing: drop}}", sample(), files: files)
                == .dropped(stage: "lookup", reason: "\"x\" is not in c.csv"))
        #expect(
            try end("{lookup: {file: c.csv, key: x, missing: hold}}", sample(), files: files)
                == .held(stage: "lookup", reason: "\"x\" is not in c.csv", until: nil, next: 1))
    }

    @Test(
        "tables that are none are reported with the line",
        arguments: [
            ("a,b\n1\n", "row 2 has 1 values for 2 columns"), ("a,\"b\n1", "line 1: the quote is not closed"),
            ("a,b\n\"1\"x,2", "line 2: after a value in quotes a separator or the line's end is expected"),
            ("", "it is empty; its first line names the columns"),
            ("a,a\n1,2", "its first line does not give every column a name of its own"),
        ])
    func badTables(text: String, expected: String) {
        #expect(
            read(via: "{lookup: {file: t.csv, key: x}}", files: ["t.csv": text]).diagnostics
                == ["routes.yaml:2:22: via.lookup.file: t.csv is no table: \(expected)"])
    }

    @Test(
        "settings that make no sense are reported",
        arguments: [
            (
                "{lookup: {file: c.csv, key: x, column: ID}}",
                "2:22: via.lookup.file: c.csv is no table: it has no column \"ID\", only id, name, level"
            ),
            ("{lookup: {file: gone.csv, key: x}}", "2:22: via.lookup.file: gone.csv: there is no such file"),
            (
                "{lookup: {file: c, key: x}}",
                "2:22: via.lookup.file: the name of c does not say how it is written; add format: csv, tsv or json"
            ),
            (
                "{lookup: {file: l.json, key: x}}",
                "2:22: via.lookup.file: l.json is no table: expected an object of objects, or a list of objects and the column of their keys"
            ),
            ("{lookup: {file: c.csv, key: \"{{x}}\"}}", "2:37: via.lookup.key: no variable named \"x\" is known"),
            (
                "{lookup: {file: c.csv, key: x, into: subject}}",
                "2:43: via.lookup.into: expected meta, or meta. and a name, got \"subject\""
            ),
        ])
    func faults(via: String, expected: String) {
        #expect(read(via: via, files: files).diagnostics == ["routes.yaml:\(expected)"])
    }
}
