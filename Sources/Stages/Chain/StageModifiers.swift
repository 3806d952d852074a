import Configuration

/// The keys that may stand beside any stage, as in `{truncate: 280, only: work}`.
struct StageModifiers {
    /// The mailboxes that the stage is for.
    private(set) var limit = MailboxLimit()

    /// The keys.
    static var names: [String] { schema.settings.map(\.name) }

    /// What they hold.
    static var schema: SettingsSchema {
        [
            Setting(
                "only", .oneOf([.string, .list(of: .string), .object(sides)]),
                """
                The mailboxes that the stage is for: names of mailboxes, or of adapters for all mailboxes that have them. A \
                list means where the message goes; a mapping with `from`, `to` or both also says by which it came in. \
                Other messages go past the stage, and their trace says so.
                """,
                example: "[work, email]"),
            Setting(
                "except", .oneOf([.string, .list(of: .string), .object(sides)]),
                "The mailboxes that it is not for, written as in `only`.", example: "{from: desk}"),
        ]
    }

    private static var sides: SettingsSchema {
        [
            Setting("from", .list(of: .string), "The mailboxes that messages come in by.", example: "mail"),
            Setting("to", .list(of: .string), "The mailboxes that messages go to.", example: "[work, email]"),
        ]
    }

    /// Reads those of an element; names that no mailbox has are reported.
    mutating func read(
        _ element: YAMLNode, at keyPath: NodePath, surroundings: StageSurroundings, diagnostics: inout Diagnostics
    ) {
        let given = (element.mapping?.entries ?? []).filter { Self.names.contains($0.key) }
        guard !given.isEmpty else { return }
        let settings = Self.schema.decode(
            YAMLNode(.mapping(YAMLMapping(given)), at: element.position), at: keyPath, diagnostics: &diagnostics)
        guard settings.isValid else { return }
        func names(_ key: String, _ side: String) -> MailboxLimit.Names? {
            let value = settings.value(key)
            let list = value?.object?.list(side) ?? (side == "to" ? value?.list ?? value.map { [$0] } : nil)
            return list.flatMap { Self.names($0, surroundings, &diagnostics) }
        }
        limit.onlyFrom = names("only", "from")
        limit.onlyTo = names("only", "to")
        limit.exceptFrom = names("except", "from")
        limit.exceptTo = names("except", "to")
    }

    private static func names(
        _ values: [SettingValue], _ surroundings: StageSurroundings, _ diagnostics: inout Diagnostics
    ) -> MailboxLimit.Names? {
        guard !values.isEmpty else { return nil }
        let adapters = surroundings.adapters
        var names = MailboxLimit.Names(written: [], mailboxes: [])
        for value in values {
            let name = value.string ?? ""
            names.written.append(name)
            let meant = adapters.filter { $0.key == name || $0.value == name }.keys
            names.mailboxes.formUnion(meant)
            guard meant.isEmpty, !surroundings.faulty.contains(name) else { continue }
            let known = Set(adapters.keys).union(adapters.values).sorted()
            diagnostics.error(
                "no mailbox is named \(ShownText.quoted(name)), and none has an adapter of that name",
                at: value.position, keyPath: value.keyPath, suggestion: nearest(to: name, among: known))
        }
        return names
    }
}
