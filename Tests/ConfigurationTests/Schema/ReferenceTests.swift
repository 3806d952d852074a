import Configuration
import Messages
import Testing

private let schema = SettingsSchema(
    [
        Setting("mode", .choice(["poll", "push"]), default: "poll", "How news come | go."),
        Setting(
            "feeds",
            .map(
                of: .object([
                    Setting("url", .url, isRequired: true, "Where it is.", example: "https://lobste.rs/rss"),
                    Setting("every", .duration, default: "15m", range: SettingRange("1m", "7d"), "How often."),
                ]), keys: .name), isRequired: true, "The feeds."),
        Setting("to", .list(of: .address), "Whom."),
        Setting("retries", .integer, default: "3", range: SettingRange(0...10), "How often."),
        Setting("token", .secret, "The key."),
        Setting("body", .oneOf([.string, .list(of: .string)]), "The text."), Setting("where", .any, "Conditions."),
    ], prose: "Reads feeds.")

@Suite struct ReferenceTests {
    @Test("the reference page has every key with type, default and meaning")
    func markdown() {
        #expect(
            schema.markdown() == """
                Reads feeds.

                | key | holds | default | meaning |
                | --- | --- | --- | --- |
                | `mode` | `poll` or `push` | `poll` | How news come \\| go. |
                | `feeds` | mapping, each: mapping | **required** | The feeds. |
                | `feeds.*.url` | URL | **required** | Where it is. Example: `https://lobste.rs/rss` |
                | `feeds.*.every` | duration, 1m to 7d | `15m` | How often. |
                | `to` | list: address | – | Whom. |
                | `retries` | whole number, 0 to 10 | `3` | How often. |
                | `token` | secret | – | The key. |
                | `body` | text or list: text | – | The text. |
                | `where` | anything | – | Conditions. |

                """)
    }

    @Test("the JSON Schema is JSON and says what the declaration says")
    func jsonSchema() throws {
        let json = try JSON(parsing: schema.jsonSchema(title: "Feed"))
        let property = { (name: String) in json["properties"]?[name] }
        #expect(json["$schema"] == "https://json-schema.org/draft/2020-12/schema")
        #expect(json["title"] == "Feed")
        #expect(json["additionalProperties"] == false)
        #expect(json["required"] == ["feeds"])
        #expect(property("retries")?["anyOf"]?.array?.first == ["type": "integer", "minimum": 0, "maximum": 10])
        #expect(property("retries")?["default"] == 3)
        #expect(property("mode")?["anyOf"]?.array?.first == ["enum": ["poll", "push"]])
        let feed = property("feeds")?["additionalProperties"]
        #expect(feed?["required"] == ["url"])
        #expect(feed?["properties"]?["url"]?["examples"] == ["https://lobste.rs/rss"])
        #expect(property("feeds")?["propertyNames"] == ["pattern": "^[a-z][a-z0-9_-]{0,31}$"])
        #expect(property("where") == ["description": "Conditions."])
        #expect(json["$defs"]?["filled_in"] != nil)
    }

    @Test("the type of a key is found at its path")
    func types() throws {
        let type = { (path: String) in NodePath(parsing: path).flatMap { schema.type(at: $0) } }
        #expect(type("feeds.x.every") == .duration)
        #expect(type("to[3]") == .address)
        #expect(type("where.subject") == .any)
        #expect(type("none") == nil)
        #expect(type("mode.x") == nil)
    }
}

@Suite struct MaskedYAMLTests {
    private static let secrets: SettingsSchema = [
        Setting("token", .secret, "T."), Setting("url", .url, "U."), Setting("port", .integer, "P."),
        Setting("name", .string, "N."), Setting("tokens", .map(of: .secret), "T."), Setting("where", .any, "W."),
        Setting("either", .oneOf([.secret, .list(of: .string)]), "E."), Setting("list", .list(of: .string), "L."),
    ]

    @Test("the merged configuration is shown without any secret")
    func masked() throws {
        let (node, faults, _) = load(
            [
                "routes.yaml": """
                token: hush
                url: "https://u:${P}@h/x"
                port: ${PORT}
                tokens: {a: hush, b: {file: key}}
                where: {subject: /swift/i, n: 5}
                either: hush
                tokn: hush
                name: two words
                list: [a, "5", "x: y", "", "no\\n"]
                """, "key": "hush",
            ], environment: ["P": "hush", "PORT": "25", "POSTROAD_WHERE__TEXT": "hush", "POSTROAD_NAME": "shown"])
        #expect(faults == [])
        #expect(
            try #require(node).yaml(maskingSecretsBy: Self.secrets) == """
                token: ***
                url: "https://u:${P}@h/x"
                port: 25
                tokens:
                  a: ***
                  b:
                    file: key
                where:
                  subject: /swift/i
                  n: 5
                  text: ***
                either: ***
                tokn: ***
                name: shown
                list:
                  - a
                  - "5"
                  - "x: y"
                  - ""
                  - "no\\n"

                """)
    }

    @Test(
        "of a URL the password is masked, wherever it came from",
        arguments: [
            ("https://u:hush@h/x", "https://u:***@h/x"), ("https://u:hu@sh@h", "https://u:***@h"),
            ("https://u@h:80/a:b@c", "https://u@h:80/a:b@c"), ("https://h:80/?a=b:c@d", "https://h:80/?a=b:c@d"),
        ])
    func passwords(url: String, shown: String) throws {
        let (node, _, _) = load(["routes.yaml": "url: \"\(url)\""])
        let text = try #require(node).yaml(maskingSecretsBy: Self.secrets)
        #expect(text == "url: \(shown)\n" || text == "url: \"\(shown)\"\n", "\(text)")
    }

    @Test("each value can be shown with the place it came from")
    func origins() throws {
        let (node, _, _) = load(
            ["routes.yaml": "include: a.yaml\nname: x\n", "a.yaml": "port: 5"], environment: ["POSTROAD_TOKEN__X": "1"])
        #expect(
            try #require(node).yaml(maskingSecretsBy: Self.secrets, showsOrigins: true)
                == "name: x  # routes.yaml:2:7\nport: 5  # a.yaml:1:7\n")
    }

    @Test("a part is shown by its path")
    func part() throws {
        let part = try #require(try node("tokens: {a: hush}")["tokens"])
        #expect(part.yaml(maskingSecretsBy: Self.secrets, at: "tokens") == "a: ***\n")
    }

    @Test(
        "what is written reads back as the same",
        arguments: [
            "a: [1, {b: '2', c: []}, [x, [y]], {}]", "a: |\n  two\n  lines\nb: 'true'\nc: true\nd: ~", "'a: b': '- x'",
            "a: ['*x', '&y', '#z', '!', '@', '%']",
            "- - 1\n- [a, b]", "a: \"\\e\\u2028\\U0001F600\"",
            "a: ['null', '~', '', ' x ', '0x1', '1e3', 'x:', '-', '-a', '.5']", "\"\": x",
        ])
    func roundTrip(text: String) throws {
        let original = try node("root:\n" + text.split(separator: "\n").map { "  \($0)\n" }.joined())
        let written = original.yaml(maskingSecretsBy: [Setting("root", .any, "R.")])
        #expect(try node(written) == original, "\(written)")
    }
}
