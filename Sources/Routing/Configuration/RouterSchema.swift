import Configuration
import Messages

/// The keys of routes.yaml, each declared once.
///
/// Mailboxes have those of their adapter beside the common ones.
enum RouterSchema {
    static let top: SettingsSchema = [
        Setting(
            "router", .object(router), default: "{}", "The router itself: its name, where it keeps things, its limits."),
        Setting(
            "mailboxes", .map(of: .any, keys: .name), default: "{}",
            """
            The accounts on platforms, by the names that addresses and topics have for them: `work` makes every address \
            `work:…` and every topic `work:…`. A mailbox `local` of the adapter `inbox` is always there.
            """, example: "{news: {adapter: feed}}"),
        Setting(
            "stages", .any, "Lists of stages by name, to be used in `via`, also within one another.",
            example: "{brief: [{truncate: 280}]}"),
        Setting(
            "routes", .list(of: .object(route)), default: "[]",
            "The table. Every route that matches a message adds its recipients, in the order of the file."),
        Setting(
            "lists", .map(of: .object(MailingList.schema), keys: .name), default: "{}",
            """
            Lists: an address `list:NAME` each, for routes and for whoever writes to it, which stands for all its members. \
            Who writes gets no copy.
            """, example: "{everyone: {members: [work:U024BE91L, mail:ann@example.org], post: members}}"),
        Setting(
            "unrouted", .address,
            "Where a message goes that no route matches and that names no recipient; the postmaster unless given.",
            example: "desk:support"),
        Setting(
            "tests", .list(of: .object(test)), default: "[]",
            "Messages and what must become of them; run by `postroad check` and before every reload."),
        Setting(
            "include", .list(of: .path),
            "Files that are read as if they stood here: lists are appended, mappings merged.",
            example: "[routes.d/*.yaml]"),
    ]

    static let mailbox: SettingsSchema = [
        Setting("adapter", .string, isRequired: true, "The adapter that bridges the platform.", example: "feed"),
        Setting(
            "concurrency", .integer, range: SettingRange(1...1_000),
            "How many messages are delivered at the same time; what the adapter advises unless given.", example: "4"),
        Setting(
            "rate", .rate,
            "How many messages are delivered in a time: `10/s`, `600/m`, `1/30s`; no limit unless given.",
            example: "10/s"),
        Setting(
            "lane_rate", .rate,
            "How many messages are delivered to one recipient in a time; no limit unless given.", example: "1/s"),
        Setting(
            "expires", .duration, default: "5d", range: SettingRange("1m", "365d"),
            "How long delivery is tried before the message bounces."),
        Setting("retry", .object(retry), default: "{}", "When a delivery that failed is tried again."),
    ]

    static let route: SettingsSchema = [
        Setting(
            "name", .string, range: SettingRange(1...200),
            "What traces call the route; its patterns unless given.", example: "Swift news for the team"),
        Setting(
            "match", .list(of: .topicPattern), isRequired: true, range: SettingRange(1...1_000),
            """
            The topics it is for: a pattern or several, `*` for one segment, `**` for any number of them, `*` as the source \
            for every mailbox.
            """, example: "news:lobsters"),
        Setting(
            "except", .list(of: .topicPattern), range: SettingRange(0...1_000),
            "Topics it is not for although they fit `match`.", example: "[\"news:*/jobs\", news:test]"),
        Setting("where", .any, "Conditions on the message; all of them must hold.", example: "{subject: /swift/i}"),
        Setting("via", .any, "The stages it passes, in order.", example: "[brief, {set: {priority: high}}]"),
        Setting(
            "to", .list(of: .oneOf([.target, .object(TargetReader.schema)])), range: SettingRange(0...1_000),
            """
            Where the message goes: an address or several, or what stands for addresses (below). An address gets one \
            message once: of two routes to it the first in the file counts, unless its stages drop the message. Without \
            an address `stop` must be true: such messages go nowhere.
            """, example: "[work:C024BE91L, mail:ann@example.org]"),
        Setting(
            "stop", .boolean, default: "false",
            "Whether the routes below, and subscriptions, are not looked at for such a message."),
    ]

    static let test: SettingsSchema = [
        Setting("name", .string, range: SettingRange(1...200), "What the case shows.", example: "Rust news stay away"),
        Setting(
            "given", .any, isRequired: true,
            """
            The message: any field of an envelope by its name in the API, `text` and `format` in place of `parts`. Only \
            `topic` must be there.
            """, example: "{topic: \"news:lobsters\", subject: \"Swift 6.3\"}"),
        Setting("expect", .object(expect), isRequired: true, "What must become of it."),
    ]

    static let expect: SettingsSchema = [
        Setting(
            "to", .list(of: .address), range: SettingRange(0...1_000),
            "Exactly the addresses that get it, copies of `tap` included, in any order.", example: "[work:C024BE91L]"),
        Setting(
            "absent", .list(of: .address), range: SettingRange(0...1_000), "Addresses that do not get it.",
            example: "mail:ann@example.org"),
        Setting(
            "text", .string, "The text in every recipient's message; copies of `tap` do not count.", example: "Out now"),
        Setting("subject", .string, "The subject in every recipient's message; copies of `tap` do not count."),
        Setting(
            "dropped", .string,
            "A part of the reason for which a stage drops the message; `true` for any reason, `false` if none may.",
            example: "\"true\""),
    ]
}
