import Testing

@testable import postroad

@Suite struct VerbTableTests {
    static let declarations = VerbTable.all.map { $0.declaration }

    @Test("no two verbs have one name, and none is the name of a group")
    func names() {
        let names = Self.declarations.map(\.name)
        #expect(Set(names).count == names.count)
        #expect(names.allSatisfy { VerbTable.group($0).isEmpty })
        #expect(names.allSatisfy { $0.split(separator: " ").count <= 2 })
    }

    @Test("a verb's declaration is sound", arguments: declarations.map(\.name))
    func sound(name: String) throws {
        let verb = try #require(Self.declarations.first { $0.name == name })
        #expect(verb.summary.hasSuffix("."))
        #expect(verb.summary.count <= 110)
        let options = (verb.options + VerbDeclaration.Option.common).map(\.name)
        #expect(Set(options).count == options.count)
        #expect(options.allSatisfy { $0.allSatisfy { $0 == "-" || $0.isLowercase } })
        // Only the last argument may be open, and none that is needed may follow one that is not.
        #expect(verb.arguments.dropLast().allSatisfy { !$0.isRepeated })
        #expect(zip(verb.arguments, verb.arguments.dropFirst()).allSatisfy { $0.isRequired || !$1.isRequired })
        #expect(verb.arguments.allSatisfy { $0.name == $0.name.uppercased() && !$0.prose.isEmpty })
        for example in verb.examples {
            #expect(example.line.contains("postroad \(verb.name)"), "an example of another verb")
        }
    }

    @Test("what lists or shows can do so as JSON", arguments: declarations.map(\.name))
    func json(name: String) throws {
        let listing = ["list", "show", "trace", "inbox", "feed", "mail", "explain", "check", "send", "status"]
        guard name != "config show", listing.contains(String(name.split(separator: " ").last ?? "")) else { return }
        let verb = try #require(Self.declarations.first { $0.name == name })
        #expect(verb.options.contains { $0.name == "json" })
    }

    @Test("a verb is found by its words, and what follows them is its own")
    func find() throws {
        let (verb, rest) = try VerbTable.find(["spool", "list", "state=dead"])
        #expect(verb.declaration.name == "spool list")
        #expect(rest == ["state=dead"])
        #expect(try VerbTable.find(["check", "list"]).rest == ["list"])
    }

    static let unknownVerbs: [(String, String)] = [
        ("sned hi", "postroad: no verb \"sned\"; did you mean \"send\"?"),
        ("spol list", "postroad: no verb \"spol\"; did you mean \"spool\"?"),
        (
            "list",
            "postroad: no verb \"list\"; there is \"routes list\" and \"spool list\" and \"mailboxes list\" and \"subscriptions list\" and "
                + "\"lists list\""
        ),
        ("retry x", "postroad: no verb \"retry\"; there is \"spool retry\""),
        ("frobnicate", "postroad: no verb \"frobnicate\""),
        (
            "spool",
            "postroad spool: expected one of list, show, retry, drop, hold, release, reroute, audit, check, repair, backup, "
                + "restore"
        ),
        (
            "spool lst",
            "postroad spool: expected one of list, show, retry, drop, hold, release, reroute, audit, check, repair, backup, "
                + "restore; did you mean \"list\"?"
        ),
        ("help nothing", "postroad: no verb \"nothing\""),
        ("help spool list more", "postroad help: no verb \"spool list more\""),
    ]

    @Test("a verb that does not exist ends with 2, and with the one that may be meant", arguments: unknownVerbs)
    func unknown(line: String, text: String) async {
        let run = await CommandLineRun(line)
        #expect(run.code == .wrongUsage)
        #expect(run.notes.hasPrefix("\(text)\nRun `postroad help"), "\(run.notes)")
        #expect(run.answer.isEmpty)
    }
}
