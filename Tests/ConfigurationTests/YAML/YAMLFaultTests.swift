import Configuration
import TestSupport
import Testing

@Suite struct YAMLFaultTests {
    @Test(
        "what is wrong with YAML is told with its place and what to do",
        arguments: [
            ("a: 1\nb: 2\na: 3\n", "routes.yaml:3:1: a: the key \"a\" stands here twice, first at routes.yaml:1:1"),
            (
                "x: &b {k: 1}\ny: {<<: *b, j: 2}\n",
                "routes.yaml:2:5: y.<<: the merge key << is no part of YAML 1.2; name the keys, or use an alias for the whole value"
            ),
            (
                "a: 1\n---\nb: 2\n",
                "routes.yaml:2:1: a second document begins here; one file holds one document, so remove the line \"---\""
            ),
            (
                "match: *alert\n",
                "routes.yaml:1:8: match: no anchor &alert stands before this; put a text that begins with * in quotes"
            ),
            ("a: &x [*x]\n", "routes.yaml:1:8: a[0]: the alias *x stands inside what it names"),
            (
                "[a, b]: c\n",
                "routes.yaml:1:1: a key must be a plain text, not a list or mapping; put a text that begins with [ or { in quotes"
            ),
            ("a: !secret x\n", "routes.yaml:1:4: a: the tag !secret is unknown; remove it"),
            ("a: !!int x\n", "routes.yaml:1:4: a: the tag !!int does not fit the text \"x\""),
            ("a: !!map [1]\n", "routes.yaml:1:4: a: the tag !!map does not fit a list"),
            ("a: !!binary aGk=\n", "routes.yaml:1:4: a: the tag !!binary is unknown; remove it"),
        ])
    func composition(text: String, fault: String) {
        #expect(faults(text) == [fault])
    }

    @Test(
        "a syntax fault has a hint that fits it",
        arguments: [
            ("a:\n\tb: 1\n", "routes.yaml:2:1: ", "; indent with spaces, not tabs"),
            ("match: **:alert\n", "routes.yaml:1:9: ", "; put a text that begins with * or & in quotes"),
            ("a: b: c\n", "routes.yaml:1:5: ", "; put a text with \": \" in it in quotes"),
            ("a: @x\n", "routes.yaml:1:4: ", "; put a text that begins with this character in quotes"),
            ("a: `x`\n", "routes.yaml:1:4: ", "; put a text that begins with this character in quotes"),
            ("a: \"x\nb: 1\n", "routes.yaml:3:1: ", "; look for a quote that is not closed"),
            ("a: [1, 2\nb: 3\n", "routes.yaml:2:2: ", "; look for a bracket or brace that is not closed"),
            ("a:\n  - 1\n b: 2\n", "routes.yaml:3:2: ", "; look at the indentation"),
            ("a: \u{01}\n", "routes.yaml:1:4: ", "; remove the control character"),
        ])
    func syntax(text: String, start: String, end: String) throws {
        let all = faults(text)
        #expect(all.count == 1)
        let fault = try #require(all.first)
        #expect(fault.hasPrefix(start + "this is no YAML: "), "\(fault)")
        #expect(fault.hasSuffix(end), "\(fault)")
    }

    @Test("all duplicate keys are reported, also in a file that then breaks off")
    func several() {
        let found = faults("a: 1\na: 2\nb: {c: 1, c: 2}\n\tx\n")
        #expect(found.count == 3)
    }

    @Test("bytes that are no UTF-8 are told with their place")
    func invalidUTF8() {
        var diagnostics = Diagnostics()
        let bytes = Array("a: é\nb: x".utf8) + [0xFF, 0x0A]
        #expect(YAMLNode.parse(bytes, file: "r.yaml", diagnostics: &diagnostics) == nil)
        #expect(diagnostics.description == "r.yaml:2:5: this byte is not UTF-8; save the file as UTF-8")
    }

    @Test("a NUL is refused as a byte and kept apart as an escape")
    func nul() throws {
        #expect(faults("a: x\u{0}y\n").count == 1)
        #expect(try node("a: \"x\\0y\"")["a"]?.scalar?.text == "x\u{0}y")
    }
}

@Suite struct HostileYAMLTests {
    @Test("depth is bounded", arguments: ["[", "{a: ", "- ", "? "])
    func depth(opening: String) {
        let found = faults(String(repeating: opening, count: 100_000))
        #expect(found.count == 1)
        #expect(found.first?.hasSuffix("lists and mappings stand more than 64 deep in one another") == true)
    }

    @Test("64 levels are taken, 65 are not")
    func exactDepth() {
        let nested = { String(repeating: "[", count: $0) + String(repeating: "]", count: $0) }
        #expect(faults(nested(64)) == [])
        #expect(faults(nested(65)).count == 1)
    }

    @Test("aliases of aliases are counted, not built")
    func billionLaughs() {
        var text = "l0: &l0 [lol, lol, lol, lol, lol, lol, lol, lol, lol, lol]\n"
        for level in 1...12 {
            let aliases = Array(repeating: "*l\(level - 1)", count: 10).joined(separator: ", ")
            text += "l\(level): &l\(level) [\(aliases)]\n"
        }
        let found = faults(text)
        #expect(found.count == 1)
        #expect(
            found.first?.hasSuffix("the file grows to more than 200000 values; its aliases repeat too much") == true)
    }

    @Test("aliases do not get round the limit of depth")
    func aliasDepth() {
        var text = "l0: &l0 [x]\n"
        for level in 1...70 { text += "l\(level): &l\(level) [*l\(level - 1)]\n" }
        #expect(faults(text) == ["routes.yaml:64:12: lists and mappings stand more than 64 deep in one another"])
    }

    @Test("a file over the limit is not read at all")
    func size() {
        let limits = YAMLLimits(bytes: 100)
        #expect(faults(String(repeating: "#", count: 100), limits: limits) == [])
        #expect(
            faults(String(repeating: "#", count: 101), limits: limits)
                == ["routes.yaml:1:1: the file has 101 bytes, and 100 is the most; split it with include"])
    }

    @Test("what a file says does not steer the terminal")
    func controlCharacters() {
        let found = faults("\"a\\e[2J\": 1\n\"a\\e[2J\": 2\n")
        #expect(
            found == [
                "routes.yaml:2:1: [\"a\\u{1B}[2J\"]: the key \"a\\u{1B}[2J\" stands here twice, first at routes.yaml:1:1"
            ])
    }

    @Test("one long line with many variables is read in one walk")
    func longLine() {
        let text = "[" + String(repeating: "\"${A}${A}${A}\", ", count: 30_000) + "]"
        #expect(faults(text) == [])
    }

    @Test("any bytes are read without a crash")
    func noise() {
        var generator = SeededRandom(seed: 7)
        let alphabet = Array("ab:-[]{}&*!|>'\"%@`#,? \n\t0${}<~\u{0}é\u{85}".utf8) + [0xFF, 0xC3]
        for _ in 0..<3_000 {
            let bytes = (0..<Int.random(in: 0..<60, using: &generator)).map { _ in
                alphabet[Int.random(in: 0..<alphabet.count, using: &generator)]
            }
            var diagnostics = Diagnostics()
            let node = YAMLNode.parse(bytes, file: "noise", diagnostics: &diagnostics)
            #expect(node != nil || diagnostics.hasErrors, "\(bytes)")
        }
    }
}
