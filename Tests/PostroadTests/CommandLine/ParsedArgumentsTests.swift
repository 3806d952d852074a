import Testing

@testable import postroad

@Suite struct ParsedArgumentsTests {
    private static let verb = VerbDeclaration(
        name: "test", summary: "For tests.",
        arguments: [.init(name: "FIRST", prose: ""), .init(name: "SECOND", prose: "", isRequired: false)],
        options: [
            .json, .limit, .init(name: "to", value: "ADDRESS", prose: "", isRepeated: true),
            .init(name: "subject", value: "TEXT", prose: ""),
        ])

    @Test("options stand before, between and after arguments, with their value beside or behind a sign")
    func options() throws {
        let words = ["--to=a:b", "one", "--json", "--to", "c:d", "two", "--subject", "x=y"]
        let arguments = try ParsedArguments(words, for: Self.verb)
        #expect(arguments.positionals == ["one", "two"])
        #expect(arguments.has("json"))
        #expect(arguments.all("to") == ["a:b", "c:d"])
        #expect(arguments["subject"] == "x=y")
        #expect(arguments["limit"] == nil)
        #expect(arguments.configuration == "routes.yaml")
    }

    @Test(
        "what looks like an option is none after --, after a sign, and when it is a dash alone",
        arguments: [
            (["--", "--json"], ["--json"], String?.none), (["-"], ["-"], nil),
            (["--subject=--json", "x"], ["x"], "--json"), (["x", "--", "--", "-h"], nil, nil),
            (["--subject", "-5", "x"], ["x"], "-5"), (["--subject=", "x"], ["x"], ""),
        ])
    func dashes(words: [String], positionals: [String]?, subject: String?) throws {
        guard let positionals else {
            #expect(throws: CommandError.self) { try ParsedArguments(words, for: Self.verb) }
            return
        }
        let arguments = try ParsedArguments(words, for: Self.verb)
        #expect(arguments.positionals == positionals)
        #expect(arguments["subject"] == subject)
        #expect(!arguments.has("json"))
    }

    static let wrongLines: [(String, String)] = [
        ("", "postroad test: FIRST is missing"),
        ("one two three", "postroad test: nothing is to be done with \"three\""),
        ("one --jsn", "postroad test: no option --jsn; did you mean --json?"),
        ("one --confg x", "postroad test: no option --confg; did you mean --config?"),
        ("one --colour", "postroad test: no option --colour"),
        ("one -j", "postroad test: no option -j"),
        ("one --json --json", "postroad test: --json is given twice"),
        ("one --subject a --subject b", "postroad test: --subject is given twice"),
        ("one --json=yes", "postroad test: --json takes no value"),
        ("one --subject", "postroad test: --subject needs a value"),
        (
            "one --subject --json",
            "postroad test: --subject needs a value; if it is --json, write --subject=--json"
        ),
        ("one --=x", "postroad test: no option --=x"),
    ]

    @Test("a wrong command line is told what is wrong, and where help is", arguments: wrongLines)
    func faults(line: String, text: String) throws {
        let words = line.split(separator: " ").map(String.init)
        let error = try #require(throws: CommandError.self) { try ParsedArguments(words, for: Self.verb) }
        #expect(error.description == "\(text)\nRun `postroad help test` to see how it is used.")
        #expect(error.exitCode == .wrongUsage)
    }

    @Test("asking for help needs no arguments", arguments: ["--help", "-h"])
    func help(word: String) throws {
        #expect(try ParsedArguments([word], for: Self.verb).has("help"))
    }

    @Test("a number must be one, and in its range", arguments: ["ten", "0", "101", "-1", "1.5", ""])
    func numbers(text: String) throws {
        let arguments = try ParsedArguments(["one", "--limit=\(text)"], for: Self.verb)
        let error = try #require(throws: CommandError.self) {
            try arguments.integer("limit", in: 1...100, default: 7)
        }
        #expect(error.description.hasPrefix("postroad test: --limit takes a number from 1 to 100\n"))
    }

    @Test("a number that is not given is the default")
    func noNumber() throws {
        let arguments = try ParsedArguments(["one"], for: Self.verb)
        #expect(try arguments.integer("limit", in: 1...100, default: 7) == 7)
    }
}
