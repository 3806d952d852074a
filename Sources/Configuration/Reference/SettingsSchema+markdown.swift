extension SettingsSchema {
    /// The reference of all keys as a Markdown table, those of nested mappings with their path: `feeds.*.url`, `to[]`.
    public func markdown() -> String {
        let rows = settings.flatMap { Self.rows($0, prefix: "") }
        let head = ["| key | holds | default | meaning |", "| --- | --- | --- | --- |"]
        let table = (rows.isEmpty ? ["There are no settings."] : head + rows).joined(separator: "\n") + "\n"
        return prose.isEmpty ? table : "\(prose)\n\n\(table)"
    }

    private static func rows(_ setting: Setting, prefix: String) -> [String] {
        let path = prefix + setting.name
        let holds = setting.type.label + (setting.range.map { ", \($0)" } ?? "")
        let fallback = setting.isRequired ? "**required**" : setting.defaultText.map(code) ?? "–"
        let meaning = setting.prose + (setting.example.map { " Example: \(code($0))" } ?? "")
        let row = "| \([code(path), holds, fallback, meaning].map(cell).joined(separator: " | ")) |"
        return [row]
            + setting.type.schemas(at: path).flatMap { path, schema in
                schema.settings.flatMap { rows($0, prefix: path + ".") }
            }
    }

    private static func code(_ text: String) -> String {
        text.contains("`") ? "`` \(text) ``" : "`\(text)`"
    }

    /// A text that stays within its cell.
    private static func cell(_ text: String) -> String {
        text.split(separator: "\n").joined(separator: " ").replacing("|", with: "\\|")
    }
}

extension SettingType {
    /// The type in a reference page.
    var label: String {
        switch self {
        case .string: "text"
        case .secret: "secret"
        case .integer: "whole number"
        case .number: "number"
        case .boolean: "`true` or `false`"
        case .duration: "duration"
        case .byteCount: "size"
        case .rate: "rate"
        case .address: "address"
        case .target: "address"
        case .topicPattern: "topic pattern"
        case .url: "URL"
        case .path: "path"
        case .socketAddress: "host and port"
        case .listener: "address and port, or `unix:` and a path"
        case .network: "network"
        case .choice(let words): alternatives(words.map { "`\($0)`" })
        case .any: "anything"
        case .list(let element): "list: \(element.label)"
        case .map(let element, _): "mapping, each: \(element.label)"
        case .object: "mapping"
        case .oneOf(let types): alternatives(types.map(\.label).unique)
        }
    }

    /// The schemas of the mappings within the type, with their paths.
    fileprivate func schemas(at path: String) -> [(path: String, schema: SettingsSchema)] {
        switch self {
        case .object(let schema): [(path, schema)]
        case .list(let element): element.schemas(at: path + "[]")
        case .map(let element, _): element.schemas(at: path + ".*")
        case .oneOf(let types): types.flatMap { $0.schemas(at: path) }
        default: []
        }
    }
}
