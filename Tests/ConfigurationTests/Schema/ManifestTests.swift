import Configuration
import Testing

@Suite struct ManifestTests {
    private func schema(_ text: String) throws -> (SettingsSchema, [String]) {
        var diagnostics = Diagnostics()
        let node = try #require(YAMLNode.parse(text, file: "manifest.yaml", diagnostics: &diagnostics))
        let schema = SettingsSchema(
            manifest: node["settings"] ?? node, at: "settings", diagnostics: &diagnostics)
        return (schema, diagnostics.all.map(\.description))
    }

    @Test("a manifest declares what Swift would declare")
    func declared() throws {
        let (schema, faults) = try schema(
            """
            settings:
              url: {type: url, required: true, prose: Where the feed is., example: "https://lobste.rs/rss"}
              every: {type: duration, default: 15m, min: 1m, max: 7d, prose: How often.}
              port: {type: integer, default: 25, max: 65535, prose: The port.}
              mode: {type: choice, values: [poll, push], default: poll, prose: How.}
              to: {type: list, of: address, min: 1, prose: Whom.}
              tags: {type: list, of: [string, integer], default: [a, 5], prose: Labels.}
              body: {type: [string, object], settings: {text: {type: string, prose: The text.}}, prose: What.}
              feeds: {type: map, keys: name, settings: {url: {type: url, prose: U.}}, prose: The feeds.}
              limits: {type: map, of: {type: choice, values: [x]}, prose: Limits.}
            """)
        #expect(faults == [])
        let expected: SettingsSchema = [
            Setting("url", .url, isRequired: true, "Where the feed is.", example: "https://lobste.rs/rss"),
            Setting("every", .duration, default: "15m", range: SettingRange("1m", "7d"), "How often."),
            Setting("port", .integer, default: "25", range: SettingRange(nil, "65535"), "The port."),
            Setting("mode", .choice(["poll", "push"]), default: "poll", "How."),
            Setting("to", .list(of: .address), range: SettingRange("1", nil), "Whom."),
            Setting("tags", .list(of: .oneOf([.string, .integer])), default: "[a, 5]", "Labels."),
            Setting("body", .oneOf([.string, .object([Setting("text", .string, "The text.")])]), "What."),
            Setting("feeds", .map(of: .object([Setting("url", .url, "U.")]), keys: .name), "The feeds."),
            Setting("limits", .map(of: .choice(["x"])), "Limits."),
        ]
        #expect(schema == expected)
    }

    @Test(
        "what is wrong with a manifest is told with its place",
        arguments: [
            (
                "a: {type: strng, prose: A.}", "manifest.yaml:1:11: settings.a.type: expected ",
                "; did you mean \"string\"?"
            ),
            ("a: {prose: A.}", "manifest.yaml:1:4: settings.a: the key \"type\" is missing", ""),
            ("a: {type: string}", "manifest.yaml:1:4: settings.a: the key \"prose\" is missing; it takes a text", ""),
            (
                "a: {type: choice, prose: A.}",
                "manifest.yaml:1:4: settings.a: the type choice needs the key \"values\" beside it", ""
            ),
            (
                "a: {type: list, prose: A.}",
                "manifest.yaml:1:4: settings.a: the type list needs the key \"of\" beside it", ""
            ),
            (
                "a: {type: string, requird: true, prose: A.}", "manifest.yaml:1:19: settings.a.requird: no key named",
                "; did you mean \"required\"?"
            ),
            (
                "a: {type: integer, default: x, prose: A.}",
                "manifest.yaml:1:1: settings.a: the default of this key is wrong", ""
            ),
            ("[a]", "manifest.yaml:1:1: settings: expected a mapping, got a list", ""),
        ])
    func faulty(text: String, start: String, end: String) throws {
        let (_, faults) = try schema(text)
        #expect(faults.count == 1)
        #expect(faults.first?.hasPrefix(start) == true, "\(faults)")
        #expect(faults.first?.hasSuffix(end) == true, "\(faults)")
    }

    @Test("no settings are no fault")
    func empty() throws {
        #expect(try schema("settings: {}").0.settings.isEmpty)
        #expect(try schema("settings:").1 == [])
    }
}
