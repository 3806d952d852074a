import Configuration
import Messages

extension AdapterManifest {
    /// The keys of a manifest, declared like any others.
    private static let schema: SettingsSchema = [
        Setting("name", .string, isRequired: true, "The adapter's name in routes.yaml."),
        Setting("summary", .string, isRequired: true, "One sentence."),
        Setting("abilities", .object(abilities), "What it can do."),
        Setting("classes", .map(of: .string, keys: .any), "The classes of its topics, with a sentence each."),
        Setting("settings", .any, "The keys of its mailboxes, as `SettingsSchema` reads them."),
    ]

    private static let abilities: SettingsSchema = [
        Setting("receive", .boolean, default: "false", "Messages come in by it."),
        Setting("send", .boolean, default: "false", "Messages go out by it."),
        Setting("pull", .boolean, default: "false", "Programs take its messages instead of having them delivered."),
        Setting("initiate", .boolean, default: "true", "It can write first."),
        Setting(
            "lane_parallelism", .integer, default: "1", range: SettingRange(1...1_000), "Dispatches of a lane at once."),
        Setting(
            "mailbox_parallelism", .integer, default: "64", range: SettingRange(1...10_000),
            "Dispatches of a mailbox at once."),
        Setting(
            "retry_after", .choice(Abilities.RetryAfterScope.allCases.map(\.rawValue)), default: "lane",
            "What a platform that asks for a pause means: the one recipient, or the whole mailbox."),
        Setting("timeout", .duration, default: "60s", "The longest that one delivery takes."),
        Setting(
            "deduplicates", .boolean, default: "false",
            "Its platform takes a message once, however often it is sent with the same idempotency key."),
        Setting("maximum_text", .integer, range: SettingRange(1...), "The most characters of text."),
        Setting(
            "formats", .list(of: .choice(TextFormat.allCases.map(\.rawValue))),
            "The text formats it renders, the best one first."),
    ]

    /// Reads a manifest.
    ///
    /// - Throws: ``AdapterError/badSettings(_:)`` with everything that is wrong.
    public init(parsing bytes: [UInt8], file: String = "manifest.yaml") throws(AdapterError) {
        var diagnostics = Diagnostics()
        guard let node = YAMLNode.parse(bytes, file: file, diagnostics: &diagnostics) else {
            throw .badSettings(diagnostics.all)
        }
        let values = Self.schema.decode(node, diagnostics: &diagnostics)
        let settings = values.node("settings").map { node in
            SettingsSchema(manifest: node, at: "settings", diagnostics: &diagnostics)
        }
        guard !diagnostics.hasErrors else { throw .badSettings(diagnostics.all) }
        self.init(
            name: values.string("name"), summary: values.string("summary"),
            abilities: Abilities(settings: values.object("abilities")),
            classes: values.map("classes").map { ($0.name, $0.value.string ?? "") },
            settings: settings ?? [])
    }

    /// The manifest that was built into an adapter; one that cannot be read is a mistake of its author, which every
    /// test of the adapter finds.
    public static func embedded(_ bytes: [UInt8]) -> AdapterManifest {
        do {
            return try AdapterManifest(parsing: bytes)
        } catch {
            preconditionFailure("the adapter's manifest is wrong:\n\(error)")
        }
    }
}

extension Abilities {
    fileprivate init(settings values: SettingsObject) {
        self.init()
        receive = values.boolean("receive")
        send = values.boolean("send")
        isPulled = values.boolean("pull")
        canInitiate = values.boolean("initiate")
        laneParallelism = values.integer("lane_parallelism")
        mailboxParallelism = values.integer("mailbox_parallelism")
        retryAfter = RetryAfterScope(rawValue: values.string("retry_after")) ?? .lane
        deliveryTimeout = values.duration("timeout")
        deduplicates = values.boolean("deduplicates")
        maximumText = values.integerIfGiven("maximum_text")
        let formats = values.strings("formats")
        if !formats.isEmpty { self.formats = formats }
    }
}
