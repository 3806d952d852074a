import Configuration
import Testing

@Suite struct DiagnosticTests {
    @Test("a diagnostic is one line with place, key path, message and suggestion")
    func text() throws {
        let position = SourcePosition(file: "routes.yaml", line: 31, column: 9)
        let path = try #require(NodePath(parsing: "routes[2].to[0]"))
        let error = Diagnostic(at: position, keyPath: path, "no mailbox named \"wrok\"", suggestion: "work")
        #expect(
            error.description == "routes.yaml:31:9: routes[2].to[0]: no mailbox named \"wrok\"; did you mean \"work\"?")
        let warning = Diagnostic(.warning, at: position, "odd")
        #expect(warning.description == "routes.yaml:31:9: warning: odd")
        let override = Diagnostic(at: SourcePosition(environmentVariable: "POSTROAD_A"), "wrong")
        #expect(override.description == "$POSTROAD_A: wrong")
    }

    @Test("diagnostics come sorted by place, each once, those of the environment last")
    func order() {
        var diagnostics = Diagnostics()
        diagnostics.error("e", at: SourcePosition(environmentVariable: "X"))
        diagnostics.error("d", at: SourcePosition(file: "b.yaml", line: 1, column: 1))
        diagnostics.warning("c", at: SourcePosition(file: "a.yaml", line: 10, column: 1))
        diagnostics.error("b", at: SourcePosition(file: "a.yaml", line: 9, column: 2))
        diagnostics.error("a", at: SourcePosition(file: "a.yaml", line: 9, column: 1))
        diagnostics.error("a", at: SourcePosition(file: "a.yaml", line: 9, column: 1))
        #expect(diagnostics.all.map(\.message) == ["a", "b", "c", "d", "e"])
        #expect(diagnostics.errors.map(\.message) == ["a", "b", "d", "e"])
        #expect(diagnostics.hasErrors)
    }

    @Test("warnings alone do not make a configuration unusable")
    func warnings() {
        var diagnostics = Diagnostics()
        diagnostics.warning("odd", at: .builtIn)
        #expect(!diagnostics.hasErrors)
        #expect(!diagnostics.isEmpty)
    }

    @Test(
        "the nearest word is found, and none where nothing is near",
        arguments: [
            ("wrok", "work"), ("Work", "work"), ("mial", "mail"), ("subect", "subject"),
            ("signing_secert", "signing_secret"),
            ("xyz", nil), ("", nil), ("w", nil), ("workwork", nil), ("news", nil), ("strip_qoutes", "strip_quotes"),
        ] as [(String, String?)])
    func nearestWord(word: String, expected: String?) {
        let words = ["work", "mail", "subject", "signing_secret", "strip_quotes", "a"]
        #expect(nearest(to: word, among: words) == expected)
    }

    @Test("a hostile word costs nothing")
    func longWord() {
        #expect(nearest(to: String(repeating: "a", count: 1_000_000), among: ["aaaa"]) == nil)
    }
}
