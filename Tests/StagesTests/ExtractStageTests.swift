import Messages
import Testing

@testable import Stages

@Suite struct ExtractStageTests {
    @Test("named groups become facts, those that took no part do not")
    func groups() throws {
        let envelope = try sample(subject: "[JIRA] (ABC-12) 订单 done")
        let found = try pass(
            "{extract: {from: subject, regex: '/\\((?<key>[A-Z]+-\\d+)\\)\\s+(?<what>\\w+)(?<none>!)?/', into: meta.jira}}",
            envelope)
        #expect(found.meta == ["jira": ["key": "ABC-12", "what": "订单"]])
    }

    @Test("a bare pattern and flags are read as in conditions, and groups of one name are taken once")
    func forms() throws {
        let envelope = try sample(text: "Total: 12 EUR")
        #expect(try pass("{extract: {regex: \"(?<sum>[0-9]+)\"}}", envelope).meta == ["sum": "12"])
        #expect(try pass("{extract: {regex: \"/TOTAL: (?<sum>[0-9]+)/i\"}}", envelope).meta == ["sum": "12"])
        #expect(try pass("{extract: {regex: '/(?J)(?<a>x)|(?<a>T)/'}}", envelope).meta == ["a": "T"])
    }

    @Test(
        "paths lead into JSON in a text or a fact",
        arguments: [
            ("$.issue.title", "\"Broken\""), ("$.issue['labels'][0].name", "\"bug\""),
            ("$.issue.labels[-1].name", "\"ui\""), ("$.issue.labels[*].name", "[\"bug\",\"ui\"]"),
            ("$..name", "[\"bug\",\"ui\"]"), ("$.issue.labels[0:1].name", "[\"bug\"]"),
            ("$.issue.labels[:-1].name", "[\"bug\"]"), ("$.issue.number", "7"), ("$['issue']['标题']", "\"坏\""),
            ("$.issue['labels','title']", "[[{\"name\":\"bug\"},{\"name\":\"ui\"}],\"Broken\"]"),
            ("$.issue.标题", "\"坏\""), ("$.issue.*", nil), ("$.gone", ""), ("$.issue.labels[5]", ""),
            ("$.issue.labels[-9]", ""), ("$.issue.labels[2:1]", ""), ("$.issue.title.x", ""),
        ] as [(String, String?)])
    func paths(path: String, expected: String?) throws {
        let text =
            "{\"issue\": {\"title\": \"Broken\", \"number\": 7, \"标题\": \"坏\", \"labels\": [{\"name\": \"bug\"}, {\"name\": \"ui\"}]}}"
        let found = try pass("{extract: {json: {x: \"\(path)\"}}}", sample(text: text)).meta["x"]
        guard let expected else { return #expect(found?.array?.count == 4) }
        #expect((found?.description ?? "") == expected)
        let payload = try JSON(parsing: Array(text.utf8))
        let fact = try sample { $0.meta = ["payload": payload] }
        let again = try pass("{extract: {from: meta.payload, json: {x: \"\(path)\"}}}", fact).meta["x"]
        #expect(found == again)
    }

    @Test("the value of a data part is looked at")
    func data() throws {
        let envelope = try sample { $0.parts = [Part(type: .data, content: .value(["a": [1, 2]]))] }
        #expect(try pass("{extract: {from: data, json: {all: \"$.a\"}}}", envelope).meta == ["all": [1, 2]])
    }

    @Test("what is not found is said, and may end or hold the message")
    func missing() throws {
        let via = "{extract: {regex: '(?<x>zz)'}}"
        #expect(try notes(via, sample()) == ["nothing found in text"])
        #expect(try pass(via, sample()) == sample())
        #expect(
            try end("{extract: {from: meta.x, regex: '(?<x>zz)', missing: drop}}", sample())
                == .dropped(stage: "extract", reason: "nothing found in meta.x"))
        #expect(
            try end("{extract: {json: {x: $.y}, missing: hold}}", sample(text: "no JSON"))
                == .held(stage: "extract", reason: "nothing found in text", until: nil, next: 1))
    }

    @Test("a path that leads everywhere in a large document is given up")
    func bounded() throws {
        let deep = String(repeating: "[", count: 40) + String(repeating: "]", count: 40)
        let text = "[" + Array(repeating: deep, count: 500).joined(separator: ",") + "]"
        let end = try end("{extract: {json: {x: \"$..[*]..[*]\"}}}", sample(text: text))
        let reason = "the path of x leads to more than 100000 values"
        #expect(end == .held(stage: "extract", reason: reason, until: nil, next: 0))
    }

    @Test(
        "settings that make no sense are reported",
        arguments: [
            ("{extract: {}}", "2:16: via.extract: expected either regex or json in it"),
            (
                "{extract: {regex: '/(?<a>/'}}",
                "2:24: via.extract.regex: the regular expression is not sound: missing closing parenthesis at character 6 of the pattern"
            ),
            (
                "{extract: {regex: abc}}",
                "2:24: via.extract.regex: the expression has no named group such as (?<order>…), so nothing would be kept"
            ),
            (
                "{extract: {json: {a: x.y}}}",
                "2:27: via.extract.json.a: \"x.y\" is no JSON path: it begins with $, which is the whole value (character 1)"
            ),
            ("{extract: {json: {a: $.x[1}}}", nil),
            (
                "{extract: {json: {a: \"$.x[?@.y]\"}}}",
                "2:27: via.extract.json.a: \"$.x[?@.y]\" is no JSON path: filters are not known here; take the list and look at it in a script (character 5)"
            ),
            (
                "{extract: {json: {a: \"$.x['y\"}}}",
                "2:27: via.extract.json.a: \"$.x['y\" is no JSON path: the quote is not closed (character 5)"
            ),
            (
                "{extract: {json: {a: \"$.\"}}}",
                "2:27: via.extract.json.a: \"$.\" is no JSON path: expected a name here; one with other characters stands as ['…'] (character 3)"
            ),
            (
                "{extract: {json: {a: $.x}, into: subject}}",
                "2:39: via.extract.into: expected meta, or meta. and a name, got \"subject\""
            ),
            ("{extract: {json: {a: $.x}, from: sbject}}", nil),
        ] as [(String, String?)])
    func faults(via: String, expected: String?) {
        let diagnostics = read(via: via).diagnostics
        if let expected { #expect(diagnostics == ["routes.yaml:\(expected)"]) } else { #expect(diagnostics.count == 1) }
    }
}
