import Configuration
import Testing

@Suite struct YAMLNodeTests {
    @Test(
        "plain scalars have the types of YAML 1.2's core schema",
        arguments: [
            ("no", .string("no")), ("yes", .string("yes")), ("on", .string("on")), ("off", .string("off")),
            ("y", .string("y")), ("true", .boolean(true)), ("False", .boolean(false)), ("TRUE", .boolean(true)),
            ("tRUE", .string("tRUE")), ("null", .null), ("~", .null), ("", .null), ("Null", .null),
            ("nil", .string("nil")),
            ("12", .integer(12)), ("-7", .integer(-7)), ("+3", .integer(3)), ("0o17", .integer(15)),
            ("0xff", .integer(255)), ("0x-1", .string("0x-1")), ("017", .integer(17)), ("0b1", .string("0b1")),
            ("1_000", .string("1_000")), ("12:30:45", .string("12:30:45")), ("1.5", .number(1.5)), ("5.", .number(5)),
            (".5", .number(0.5)), ("1e3", .number(1000)), ("-.inf", .number(-.infinity)), ("inf", .string("inf")),
            ("nan", .string("nan")), ("1e", .string("1e")), (".", .string(".")), ("0x1p3", .string("0x1p3")),
            ("99999999999999999999", .number(1e20)), ("2024-01-01", .string("2024-01-01")), ("=", .string("=")),
        ] as [(String, YAMLScalar.Value)])
    func coreSchema(text: String, value: YAMLScalar.Value) throws {
        #expect(YAMLScalar(text).value == value)
        #expect(try node("key: \(text)\n")["key"]?.scalar?.value == value)
    }

    @Test(
        "quotes and blocks make a text of anything",
        arguments: ["'12'", "\"12\"", "|-\n  12", ">-\n  12", "!!str 12", "! 12"])
    func quoted(text: String) throws {
        #expect(try node("key: \(text)\n")["key"]?.scalar?.value == .string("12"))
    }

    @Test("every node and key keeps its line and column")
    func positions() throws {
        let top = try node("# comment\na: 1\nlist:\n  - x\n  - {名: 'y', k: [z]}\n")
        let place = { (path: String) in NodePath(parsing: path).flatMap { top[$0]?.position.description } }
        #expect(place("a") == "routes.yaml:2:4")
        #expect(place("list") == "routes.yaml:4:3")
        #expect(place("list[0]") == "routes.yaml:4:5")
        #expect(place("list[1].名") == "routes.yaml:5:9")
        #expect(place("list[1].k[0]") == "routes.yaml:5:18")
        #expect(place("list[2]") == nil)
        #expect(top["list"]?.sequence?[1].mapping?.entries[1].keyPosition.column == 14)
    }

    @Test("keys keep the order of the file")
    func order() throws {
        #expect(try node("{z: 1, a: 2, m: 3}").mapping?.keys == ["z", "a", "m"])
    }

    @Test("an alias stands for what it names, at its own place")
    func aliases() throws {
        let top = try node("a: &x {k: 1}\nb: *x\n")
        #expect(top["b"] == top["a"])
        #expect(top["b"]?.position.line == 2)
    }

    @Test("an empty document is a null", arguments: ["", "\n\n", "# only a comment\n", "---\n", "\u{FEFF}"])
    func empty(text: String) throws {
        #expect(try node(text).isNull)
    }

    @Test("nodes are equal when they say the same, wherever they stand")
    func equality() throws {
        #expect(try node("a: [1, 'x']") == node("\n\na:\n- 1\n- \"x\"\n"))
        #expect(try node("a: 1") != node("a: '1'"))
        #expect(try Set([node("a: [1]"), node("a:\n- 1")]).count == 1)
    }

    @Test(
        "a path is read as it is written",
        arguments: ["routes[2].to[0]", "mailboxes.work.token", "[\"a.b\"].c", "a[\"x y\"][3]", ""])
    func paths(text: String) throws {
        #expect(try #require(NodePath(parsing: text)).description == text)
    }

    @Test("a broken path is none", arguments: ["a[", "a[x]", "a..b", ".a", "a[-1]", "[\"a\"", "a."])
    func brokenPaths(text: String) {
        #expect(NodePath(parsing: text) == nil)
    }
}
