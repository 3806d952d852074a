import Configuration
import Testing

@Suite struct OverrideTests {
    private static let file = """
        router: {name: hq}
        mailboxes:
          work: {token: a, feeds: [x, y]}
          my-box: {token: {file: t}}
        routes: []
        """

    @Test(
        "a variable overrides the key that its name spells",
        arguments: [
            ("MAILBOXES__WORK__TOKEN", "b", "mailboxes.work.token", "b"),
            ("mailboxes__Work__token", "b", "mailboxes.work.token", "b"),
            ("MAILBOXES__MY_BOX__TOKEN", "b", "mailboxes.my-box.token", "b"),
            ("MAILBOXES__WORK__FEEDS__1", "z", "mailboxes.work.feeds[1]", "z"),
            ("MAILBOXES__WORK__FEEDS__2", "z", "mailboxes.work.feeds[2]", "z"),
            ("MAILBOXES__NEW__TOKEN", "b", "mailboxes.new.token", "b"), ("STAGES__X", "b", "stages.x", "b"),
            ("ROUTER__NAME", "a: b # c", "router.name", "a: b # c"), ("ROUTER__NAME", "*x", "router.name", "*x"),
            ("ROUTER__LISTEN", "{http: ':80'}", "router.listen.http", ":80"),
            ("ROUTER__NAME", "'5'", "router.name", "5"),
            ("ROUTER", "{name: x}", "router.name", "x"), ("ROUTER__NAME", "${HOME}", "router.name", "${HOME}"),
        ])
    func overrides(name: String, value: String, path: String, expected: String) throws {
        let (node, faults, _) = load(["routes.yaml": Self.file], environment: ["POSTROAD_" + name: value])
        #expect(faults == [])
        #expect(node?.text(path) == expected)
        let found = try #require(NodePath(parsing: path).flatMap { node?[$0] })
        #expect(found.position.description == "$POSTROAD_" + name)
    }

    @Test("a value is typed as a plain scalar is")
    func types() {
        let (node, _, _) = load(
            ["routes.yaml": "router: {}"], environment: ["POSTROAD_ROUTER__A": "25", "POSTROAD_ROUTER__B": "\"25\""])
        #expect(node?["router"]?["a"]?.scalar?.value == .integer(25))
        #expect(node?["router"]?["b"]?.scalar?.value == .string("25"))
    }

    @Test("an overridden key needs no variable of its own")
    func replaced() {
        let (node, faults, _) = load(
            ["routes.yaml": "router: {name: '${UNSET}'}"], environment: ["POSTROAD_ROUTER__NAME": "hq"])
        #expect(faults == [])
        #expect(node?.text("router.name") == "hq")
    }

    @Test(
        "a variable that overrides nothing is told",
        arguments: [
            (
                "MAILBOX__WORK__TOKEN", "x",
                "$POSTROAD_MAILBOX__WORK__TOKEN: this variable overrides \"mailbox\", but no such key is at the top of routes.yaml; unset POSTROAD_MAILBOX__WORK__TOKEN or correct it; did you mean \"mailboxes\"?"
            ),
            (
                "ROUTR", "x",
                "$POSTROAD_ROUTR: warning: this variable overrides \"routr\", but no such key is at the top of routes.yaml; unset POSTROAD_ROUTR or correct it; did you mean \"router\"?"
            ),
            (
                "ROUTER__NAME__X", "x",
                "$POSTROAD_ROUTER__NAME__X: router.name: this variable overrides \"x\" in router.name, which holds the text \"hq\""
            ),
            (
                "MAILBOXES__WORK__FEEDS__7", "x",
                "$POSTROAD_MAILBOXES__WORK__FEEDS__7: mailboxes.work.feeds: \"7\" is no index of a list; expected a number from 0 to 2"
            ),
            (
                "ROUTER____NAME", "x",
                "$POSTROAD_ROUTER____NAME: the name of a variable that overrides keys has a key between every two double underscores"
            ),
        ])
    func unknown(name: String, value: String, fault: String) {
        #expect(load(["routes.yaml": Self.file], environment: ["POSTROAD_" + name: value]).faults == [fault])
    }

    @Test(
        "variables that are no overrides are left alone",
        arguments: ["POSTROAD_SERVICE_HOST", "POSTROAD_CONFIG", "POSTROAD_PORT_80_TCP", "PATH", "POSTROADX__Y"])
    func foreign(name: String) {
        #expect(load(["routes.yaml": Self.file], environment: [name: "x"]).faults == [])
    }

    @Test("a key that two keys match is told apart by nobody")
    func ambiguous() {
        let (_, faults, _) = load(
            ["routes.yaml": "mailboxes: {a-b: {}, a_b: {}}"], environment: ["POSTROAD_MAILBOXES__A_B__X": "1"])
        #expect(
            faults == [
                "$POSTROAD_MAILBOXES__A_B__X: mailboxes: \"a_b\" can mean \"a-b\" or \"a_b\"; rename one of them"
            ])
    }

    @Test("a broken value is told with its variable and without its text")
    func brokenValue() {
        let (_, faults, _) = load(["routes.yaml": "router: {}"], environment: ["POSTROAD_ROUTER__A": "[hush"])
        #expect(faults.count == 1)
        #expect(faults.first?.hasPrefix("$POSTROAD_ROUTER__A: this is no YAML: ") == true)
        #expect(faults.first?.contains("hush") == false)
    }
}
