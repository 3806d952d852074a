import Configuration

extension RouterSchema {
    static let http: SettingsSchema = [
        Setting(
            "trusted_proxies", .list(of: .oneOf([.network, .choice(["unix"])])), range: SettingRange(0...1_000),
            """
            The proxies whose `Forwarded` and `X-Forwarded-*` fields tell the client's address and scheme; `unix` for \
            those that come by a Unix socket. From others these fields count for nothing.
            """, example: "[127.0.0.1, 10.0.0.0/8]"),
        Setting(
            "proxy_fields", .choice(["x-forwarded", "forwarded"]), default: "x-forwarded",
            """
            Which fields the trusted proxies write: `X-Forwarded-For`, `-Proto` and `-Host`, or `Forwarded` (RFC 7239). The \
            others count for nothing, for proxies pass on what clients have put there.
            """),
        Setting("cors", .object(cors), default: "{}", "Which web pages of other origins may read answers."),
        Setting("rate_limit", .object(rateLimit), default: "{}", "How often clients may ask; beyond it they get 429."),
        Setting(
            "strict_transport", .duration, range: SettingRange("0s", "730d"),
            """
            How long browsers that came by HTTPS shall come by nothing else (`Strict-Transport-Security`); not said unless \
            given.
            """, example: "365d"),
        Setting("access_log", .boolean, default: "false", "Whether every request is logged, without its query."),
        Setting(
            "idle_timeout", .duration, default: "75s", range: SettingRange("1s", "1h"),
            "How long a connection may stay without a request; behind a proxy longer than the proxy keeps its own."),
        Setting(
            "connections", .integer, default: "10000", range: SettingRange(1...1_000_000),
            "How many connections each listener has open at one time; more wait in the kernel."),
    ]

    private static let cors: SettingsSchema = [
        Setting(
            "origins", .list(of: .string), range: SettingRange(0...1_000),
            "The origins, or `*` for all of them.", example: "[\"https://app.example.org\"]"),
        Setting(
            "credentials", .boolean, default: "false", "Whether a browser's cookies go along; never with `*`."),
    ]

    private static let rateLimit: SettingsSchema = [
        Setting(
            "client", .rate,
            "Requests of one client, by its address (of IPv6 the first 64 bits): `50/s`, `600/m`; no limit unless given.",
            example: "50/s"),
        Setting(
            "token", .rate, "Requests with one token, wherever they come from; no limit unless given.",
            example: "200/s"),
        Setting(
            "burst", .integer, range: SettingRange(1...1_000_000),
            "How many requests may come at once after a quiet time; as many as the rate counts unless given.",
            example: "100"),
    ]
}
