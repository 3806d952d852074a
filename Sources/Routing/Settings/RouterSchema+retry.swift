import Configuration

extension RouterSchema {
    /// `retry` of a mailbox: what all classes of failures share, and what is different for one.
    static let retry: SettingsSchema = [
        Setting(
            "first", .duration, default: "30s", range: SettingRange("100ms", "1d"),
            "How long after the first attempt. It and the next three hold for each class that has none of its own."
        ),
        Setting(
            "factor", .number, default: "2", range: SettingRange("1", "10"),
            "How many times longer each next wait is."),
        Setting("maximum", .duration, default: "4h", range: SettingRange("1s", "7d"), "The longest wait."),
        Setting(
            "jitter", .number, default: "0.2", range: SettingRange("0", "1"),
            "How far each wait is moved at random, as a share of it, so that not everything comes at once."),
        Setting(
            "deferred", .object(schedule), default: "{}",
            "For what the platform cannot take now: it is down, busy, or asks for patience."),
        Setting(
            "unknown", .object(unknown), default: "{}",
            "For what went out and was not answered: the platform may have it. Every attempt carries the same key."),
        Setting(
            "rejected", .object(schedule), default: "{}",
            "For what the platform refuses; it is given up at once unless `attempts` says otherwise."),
    ]

    private static let schedule: SettingsSchema = [
        Setting(
            "first", .duration, range: SettingRange("100ms", "1d"), "How long after the first attempt.", example: "30s"),
        Setting(
            "factor", .number, range: SettingRange("1", "10"), "How many times longer each next wait is.", example: "2"),
        Setting("maximum", .duration, range: SettingRange("1s", "7d"), "The longest wait.", example: "4h"),
        Setting(
            "jitter", .number, range: SettingRange("0", "1"), "How far each wait is moved at random, as a share of it.",
            example: "0.2"),
        Setting(
            "attempts", .integer, range: SettingRange(1...1_000_000),
            "The most attempts in all; for `rejected` 1 unless given, otherwise no limit.", example: "10"),
        Setting(
            "until", .duration, range: SettingRange("1s", "365d"),
            "How long after its acceptance the message is given up; when it expires unless given.", example: "1d"),
    ]

    private static let unknown = schedule.adding([
        Setting(
            "hold", .boolean,
            """
            Whether it waits for a person instead, who releases or drops it. Unless given, that is so for platforms that \
            cannot tell a message they have already.
            """, example: "true")
    ])
}
