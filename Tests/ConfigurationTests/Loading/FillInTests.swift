import Configuration
import Testing

@Suite struct FillInTests {
    @Test(
        "variables are filled into scalars after the file was read",
        arguments: [
            ("${A}", "one"), ("x${A}y${B}z", "xoneytwoz"), ("'${A}'", "one"), ("${NONE:-fallback}", "fallback"),
            ("${EMPTY:-fallback}", "fallback"), ("${A:-fallback}", "one"), ("${NONE:-}", ""), ("$${A}", "${A}"),
            ("$A", "$A"), ("a$${A}${A}", "a${A}one"), ("${NEST}", "${A}"), ("${NONE:-a:b}", "a:b"),
            ("|-\n  x ${A}", "x one"),
        ])
    func filled(text: String, expected: String) {
        let environment = ["A": "one", "B": "two", "EMPTY": "", "NEST": "${A}"]
        let (node, faults, _) = load(["routes.yaml": "key: \(text)"], environment: environment)
        #expect(faults == [])
        #expect(node?.text("key") == expected)
    }

    @Test("a value cannot change the structure", arguments: ["a: b\nc: d", "[1, 2]", "{x: 1}", "\"", "- a", "# x"])
    func structure(value: String) {
        let (node, faults, _) = load(["routes.yaml": "key: ${A}\nnext: 1\n"], environment: ["A": value])
        #expect(faults == [])
        #expect(node?.text("key") == value)
        #expect(node?.mapping?.keys == ["key", "next"])
    }

    @Test("a plain scalar gets the type of its value, a quoted one stays a text")
    func types() {
        let (node, _, _) = load(
            ["routes.yaml": "plain: ${PORT}\nquoted: '${PORT}'\nflag: ${FLAG}\n"],
            environment: ["PORT": "25", "FLAG": "true"])
        #expect(node?["plain"]?.scalar?.value == .integer(25))
        #expect(node?["quoted"]?.scalar?.value == .string("25"))
        #expect(node?["flag"]?.scalar?.value == .boolean(true))
    }

    @Test("a missing variable is told at its own column, with the nearest one that is set")
    func unset() {
        let (node, faults, _) = load(
            [
                "routes.yaml":
                    "a:\n  - \"é \\\" ${A} ${SLACK_TOKN}\"\nb: ${NO}\nc: x ${oops\nd: ${a b}\ne: |\n  line\n   ${NO}\n"
            ],
            environment: ["A": "1", "SLACK_TOKEN": "hush"])
        #expect(
            faults == [
                "routes.yaml:2:16: a[0]: the environment variable SLACK_TOKN is not set; set it, or write ${SLACK_TOKN:-default}; did you mean \"SLACK_TOKEN\"?",
                "routes.yaml:3:4: b: the environment variable NO is not set; set it, or write ${NO:-default}",
                "routes.yaml:4:6: c: the brace of ${ is not closed; write $${ for ${ itself",
                "routes.yaml:5:4: d: \"a b\" is no variable; write ${NAME}, ${NAME:-default}, or $${ for ${ itself",
                "routes.yaml:8:4: e: the environment variable NO is not set; set it, or write ${NO:-default}",
            ])
        #expect(node?["b"]?.scalar?.isUnresolved == true)
    }

    @Test("what could not be filled in is one fault, not two")
    func oneFault() {
        let (node, faults, _) = load(["routes.yaml": "url: ${NO}\n"])
        var diagnostics = Diagnostics()
        let schema: SettingsSchema = [Setting("url", .url, isRequired: true, "Where.")]
        let settings = node.map { schema.decode($0, diagnostics: &diagnostics) }
        #expect(faults.count == 1)
        #expect(diagnostics.isEmpty)
        #expect(settings?.isValid == false)
    }

    @Test("{file: path} stands for the contents of a file beside the one it is in")
    func file() throws {
        let (node, faults, loaded) = load(
            [
                "routes.yaml": "include: sub/more.yaml\ntoken: {file: \"${DIR}/token\"}\n", "keys/token": "hush\n",
                "sub/more.yaml": "port: {file: port}\n", "sub/port": "25\r\n",
            ], environment: ["DIR": "keys"])
        let schema: SettingsSchema = [Setting("token", .secret, "T."), Setting("port", .integer, "P.")]
        var diagnostics = Diagnostics()
        let settings = schema.decode(try #require(node), diagnostics: &diagnostics)
        #expect(faults == [])
        #expect(diagnostics.description == "")
        #expect(settings.secret("token").reveal() == "hush")
        #expect(settings.integer("port") == 25)
        #expect(loaded.files == ["routes.yaml", "sub/more.yaml", "keys/token", "sub/port"])
    }

    @Test("a file that cannot be used is told where a scalar is needed, and nowhere else")
    func badFile() throws {
        let (node, faults, _) = load([
            "routes.yaml": "a: {file: none}\nb: {file: empty}\nc: {file: large}\nlog: {file: none}\n", "empty": "\n",
            "large": String(repeating: "x", count: 65_537),
        ])
        let schema: SettingsSchema = [
            Setting("a", .secret, "A."), Setting("b", .string, "B."), Setting("c", .string, "C."),
            Setting("log", .object([Setting("file", .path, "F.")]), "L."),
        ]
        var diagnostics = Diagnostics()
        let settings = schema.decode(try #require(node), diagnostics: &diagnostics)
        #expect(faults == [])
        #expect(
            diagnostics.all.map(\.description) == [
                "routes.yaml:1:4: a: cannot open none: no such file", "routes.yaml:2:4: b: the file \"empty\" is empty",
                "routes.yaml:3:4: c: cannot read large: it has more than 65536 bytes",
            ])
        #expect(settings.object("log").string("file") == "none")
    }

    @Test("a filled-in value is shown in no message")
    func hidden() throws {
        let (node, _, _) = load(
            [
                "routes.yaml": "a: ${HUSH}\nb: 'x${HUSH}'\nc: {file: hush}\nd: ${HUSH}\ne: ${HUSH}\n",
                "hush": "hush-hush",
            ],
            environment: ["HUSH": "hush-hush", "POSTROAD_ROUTER": "hush-hush"])
        let schema: SettingsSchema = [
            Setting("a", .url, "A."), Setting("b", .integer, "B."), Setting("c", .duration, "C."),
            Setting("d", .choice(["hush"]), "D."), Setting("e", .address, "E."), Setting("router", .boolean, "R."),
        ]
        var diagnostics = Diagnostics()
        _ = schema.decode(try #require(node), diagnostics: &diagnostics)
        #expect(diagnostics.all.count == 6)
        #expect(!diagnostics.description.contains("hush-hush"), "\(diagnostics)")
        #expect(diagnostics.all[1].message == "expected a whole number, got what \"x${HUSH}\" stands for")
        #expect(diagnostics.all[5].description == "$POSTROAD_ROUTER: router: expected true or false, got another value")
    }
}
