public import Configuration

extension RouterConfiguration {
    /// The keys of a file that was loaded, those of each mailbox by its adapter: what `postroad config show` masks by.
    ///
    /// A mailbox without a known adapter has only the common keys, so the rest of it is masked.
    public static func schema(of node: YAMLNode, adapters: [AdapterDescription]) -> SettingsSchema {
        let mailboxes = node["mailboxes"]?.mapping?.entries ?? []
        let settings = mailboxes.map { entry in
            let name = entry.value["adapter"]?.scalar?.text
            let schema = adapters.first { $0.name == name }?.settings ?? []
            return Setting(entry.key, .object(RouterSchema.mailbox.adding(schema)), "A mailbox.")
        }
        return schema(mailboxes: .object(SettingsSchema(settings)))
    }

    /// The keys of every file, for a JSON Schema that editors complete and check by.
    public static func schema(adapters: [AdapterDescription]) -> SettingsSchema {
        let kinds = adapters.map { adapter -> SettingType in
            let common = RouterSchema.mailbox.settings.map { setting in
                var setting = setting
                if setting.name == "adapter" { setting.type = .choice([adapter.name]) }
                return setting
            }
            return .object(SettingsSchema(common).adding(adapter.settings))
        }
        return schema(mailboxes: .map(of: kinds.isEmpty ? .any : .oneOf(kinds), keys: .name))
    }

    private static func schema(mailboxes type: SettingType) -> SettingsSchema {
        SettingsSchema(
            RouterSchema.top.settings.map { setting in
                var setting = setting
                if setting.name == "mailboxes" { setting.type = type }
                return setting
            })
    }
}
