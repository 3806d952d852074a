import Configuration
import Messages
import Testing

@Suite struct SettingTypeTests {
    @Test(
        "a type takes what fits it and says what it expected of the rest",
        arguments: [
            (.string, "12345", nil), (.string, "no", nil), (.string, "[a]", "expected a text, got a list"),
            (.secret, "[hush]", "expected a text, got a list"), (.integer, "0x10", nil),
            (.integer, "\"5\"", "expected a whole number, got the text \"5\"; remove the quotes"),
            (.integer, "1.5", "expected a whole number, got the number 1.5"),
            (.integer, "five", "expected a whole number, got the text \"five\""), (.number, "2", nil),
            (.number, "-1e3", nil),
            (.number, ".nan", "expected a number, got the number .nan"), (.boolean, "true", nil),
            (.boolean, "yes", "expected true or false, got the text \"yes\"; write true"),
            (.boolean, "Off", "expected true or false, got the text \"Off\"; write false"),
            (.boolean, "1", "expected true or false, got the number 1"), (.duration, "90s", nil), (.duration, "0", nil),
            (.byteCount, "64KB", nil), (.byteCount, "65536", nil), (.address, "work:C024BE91L", nil),
            (.address, "hq.example!work:x", nil),
            (
                .address, "work",
                "expected an address such as work:C024BE91L, got the text \"work\": expected \":\" between platform and user, as in mail:ann@example.org"
            ),
            (.topicPattern, "\"*:alert/**\"", nil),
            (
                .topicPattern, "news:a//b",
                "expected a topic pattern such as news:**, got the text \"news:a//b\": expected a segment of the class"
            ),
            (.url, "https://example.org:8443/a?b#c", nil), (.url, "http://[::1]:80/", nil),
            (.url, "redis://u:p@h", nil),
            (
                .url, "https://",
                "expected a URL such as https://example.org/feed, got the text \"https://\": it has no host"
            ),
            (
                .url, "http://h:99999",
                "expected a URL such as https://example.org/feed, got the text \"http://h:99999\": the port is no number from 0 to 65535"
            ),
            (
                .url, "'http://a b'",
                "expected a URL such as https://example.org/feed, got the text \"http://a b\": it has a space or control character in it"
            ),
            (
                .url, "user:hush@host",
                "expected a URL such as https://example.org/feed, got another text: it does not begin with a scheme such as https://"
            ),
            (.path, "./data", nil), (.path, "''", "expected a path, got the text \"\": it is empty"),
            (.socketAddress, "127.0.0.1:8025", nil), (.socketAddress, "'[::1]:8025'", nil),
            (.socketAddress, "localhost:0", nil),
            (
                .socketAddress, "8025",
                "expected a host and port such as 127.0.0.1:8025, got the number 8025: it has no port"
            ),
            (
                .socketAddress, "::1:8025",
                "expected a host and port such as 127.0.0.1:8025, got the text \"::1:8025\": an IPv6 address stands in brackets"
            ),
            (.listener, "0.0.0.0:80", nil), (.listener, "'[::]:80'", nil), (.listener, "unix:/run/a", nil),
            (.listener, "localhost:1", nil),
            (
                .listener, "'unix:'",
                "expected an address and port such as 127.0.0.1:8025, or unix:/run/postroad.sock, got the text \"unix:\": the path of a Unix socket has 1 to 107 bytes"
            ),
            (.network, "10.0.0.0/8", nil), (.network, "192.0.2.7", nil), (.network, "'fd00::/8'", nil),
            (.network, "'::/0'", nil), (.network, "0.0.0.0/0", nil), (.network, "192.0.2.128/25", nil),
            (
                .network, "10.0.0.1/8",
                "expected a network such as 10.0.0.0/8 or fd00::/8, got the text \"10.0.0.1/8\": the address has bits beyond the first 8"
            ),
            (
                .network, "10.0.0.0/33",
                "expected a network such as 10.0.0.0/8 or fd00::/8, got the text \"10.0.0.0/33\": the length of the prefix is no number from 0 to 32"
            ),
            (
                .network, "ten/8",
                "expected a network such as 10.0.0.0/8 or fd00::/8, got the text \"ten/8\": it is no IPv4 or IPv6 address"
            ),
            (.rate, "10/s", nil), (.rate, "10", "expected a rate such as 10/s, 600/m or 1/30s, got the number 10"),
            (.choice(["low", "high"]), "high", nil),
            (.choice(["low", "high"]), "hihg", "expected low or high, got the text \"hihg\"; did you mean \"high\"?"),
            (.any, "{a: [1]}", nil), (.list(of: .integer), "[1, 2]", nil), (.list(of: .integer), "7", nil),
            (.list(of: .integer), "{a: 1}", "expected a list, got a mapping"),
            (.map(of: .integer), "{a: 1}", nil), (.map(of: .integer), "[1]", "expected a mapping, got a list"),
            (.oneOf([.integer, .string]), "a", nil), (.oneOf([.string, .list(of: .string)]), "[a]", nil),
            (
                .oneOf([.boolean, .duration]), "soon",
                "expected true or false or a duration such as 15m or 1h30m, got the text \"soon\""
            ),
            (.oneOf([.string, .list(of: .string)]), "{a: 1}", "expected a text or a list, got a mapping"),
        ] as [(SettingType, String, String?)])
    func types(type: SettingType, text: String, fault: String?) {
        let (settings, faults) = decode("key: \(text)", [Setting("key", type, "A key.")])
        #expect(faults == (fault.map { ["routes.yaml:1:6: key: \($0)"] } ?? []))
        #expect(settings.isValid == (fault == nil))
        #expect((settings.value("key") != nil) == (fault == nil))
    }

    @Test("every faulty item of a list is reported with its index")
    func items() {
        let (settings, faults) = decode(
            "to: [work:a, nobody, mail:b, '']", [Setting("to", .list(of: .address), "Whom.")])
        #expect(faults.count == 2)
        #expect(faults.first?.hasPrefix("routes.yaml:1:14: to[1]: expected an address") == true)
        #expect(faults.last?.hasPrefix("routes.yaml:1:30: to[3]: expected an address") == true)
        #expect(settings.addresses("to").map(\.user) == ["a", "b"])
    }

    @Test(
        "bounds hold, both ends included",
        arguments: [
            (.integer, "1", "5", "0", "expected 1 to 5, got the number 0"), (.integer, "1", "5", "1", nil),
            (.integer, "1", "5", "5", nil), (.integer, "1", nil, "0", "expected at least 1, got the number 0"),
            (.number, nil, "1", "1.1", "expected at most 1, got the number 1.1"),
            (.duration, "1m", "1h", "30s", "expected 1m to 1h, got the text \"30s\""),
            (.duration, "1m", "1h", "60m", nil),
            (.byteCount, "1KB", nil, "1", "expected at least 1KB, got the number 1"),
            (.string, "2", "3", "日本語", nil), (.string, "2", "3", "日本語学", "expected 2 to 3 characters, got 4"),
            (.secret, "8", nil, "hush", "expected at least 8 characters, got 4"),
            (.list(of: .string), "1", nil, "[]", "expected at least 1 items, got 0"),
            (.map(of: .any), nil, "1", "{a: 1, b: 2}", "expected at most 1 keys, got 2"),
        ] as [(SettingType, String?, String?, String, String?)])
    func bounds(type: SettingType, minimum: String?, maximum: String?, text: String, fault: String?) {
        let schema: SettingsSchema = [Setting("key", type, range: SettingRange(minimum, maximum), "A key.")]
        #expect(schema.faults == [])
        #expect(decode("key: \(text)", schema).1 == (fault.map { ["routes.yaml:1:6: key: \($0)"] } ?? []))
    }

    @Test("of several mappings the one that fits is taken")
    func alternatives() {
        let schema: SettingsSchema = [
            Setting(
                "to",
                .oneOf([
                    .object([Setting("a", .integer, isRequired: true, "A.")]),
                    .object([Setting("b", .integer, isRequired: true, "B.")]),
                ]), "Either.")
        ]
        #expect(decode("to: {b: 1}", schema).0.objectIfGiven("to")?.integer("b") == 1)
        #expect(
            decode("to: {b: x}", schema).1 == ["routes.yaml:1:9: to.b: expected a whole number, got the text \"x\""])
    }

    @Test("a schema that contradicts itself is found out")
    func schemaFaults() {
        let schema: SettingsSchema = [
            Setting("a", .integer, default: "x", "A."), Setting("a", .string, "A again."),
            Setting("b", .duration, range: SettingRange("1h", "1m"), "B."),
            Setting("c", .list(of: .object([Setting("d", .url, default: "http://h", isRequired: true, "D.")])), "C."),
        ]
        #expect(
            schema.faults.map { "\($0.keyPath): \($0.message)" } == [
                "a: the default of this key is wrong: expected a whole number, got the text \"x\"",
                "a: the key \"a\" is declared twice", "b: the bounds 1h to 1m do not fit the type",
                "c[0].d: a required key has no use for a default",
            ])
    }
}
