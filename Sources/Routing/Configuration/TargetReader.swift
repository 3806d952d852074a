import Configuration
import Messages
import Stages

/// Reads the entries of a route's `to`, and collects what is wrong with them.
struct TargetReader {
    /// The keys of an entry that is a mapping.
    static let schema: SettingsSchema = [
        Setting(
            "split", .map(of: .integer), isRequired: true, range: SettingRange(1...100),
            """
            Addresses with their weights: a message goes to one of them, the same one whenever it is asked, for it depends \
            on the message's id.
            """, example: "{\"work:C1\": 3, \"work:C2\": 1}")
    ]

    /// An address that a target names, with its place.
    struct Mention {
        var address: Address
        var position: SourcePosition
        var keyPath: NodePath
    }

    /// A list that a target names, with its place.
    struct ListMention {
        var name: String
        var position: SourcePosition
        var keyPath: NodePath
    }

    var diagnostics = Diagnostics()
    private(set) var mentions: [Mention] = []
    private(set) var lists: [ListMention] = []

    /// Reads an entry; `nil` after a fault.
    mutating func target(_ value: SettingValue) -> RouteTarget? {
        if let settings = value.object { return settings.isValid ? split(settings) : nil }
        if let address = value.address { return target(address, value) }
        switch value.string {
        case nil: return nil
        case TargetText.reply?: return .reply
        case TargetText.subscribers?: return .subscribers
        case let text?: return template(text, value)
        }
    }

    private mutating func target(_ address: Address, _ value: SettingValue) -> RouteTarget {
        if address.peers.isEmpty, address.platform == RouteTarget.listPlatform {
            lists.append(ListMention(name: address.user, position: value.position, keyPath: value.keyPath))
            return .list(address.user)
        }
        mentions.append(Mention(address: address, position: value.position, keyPath: value.keyPath))
        return .address(address)
    }

    private mutating func template(_ text: String, _ value: SettingValue) -> RouteTarget? {
        let node = YAMLNode(.scalar(YAMLScalar(text, style: .quoted)), at: value.position)
        let template = Template.parse(text, node: node, at: value.keyPath, diagnostics: &diagnostics)
        return template.map { .template($0, text: text) }
    }

    private mutating func split(_ settings: SettingsObject) -> RouteTarget? {
        var shares: [SplitShare] = []
        for entry in settings.map("split") {
            let (position, keyPath) = (entry.value.position, entry.value.keyPath)
            guard let weight = entry.value.integer, (1...1_000_000).contains(weight) else {
                diagnostics.error("expected a weight from 1 to 1000000", at: position, keyPath: keyPath)
                continue
            }
            do {
                let address = try Address(parsing: entry.name)
                shares.append(SplitShare(address: address, weight: weight))
                mentions.append(Mention(address: address, position: position, keyPath: keyPath))
            } catch {
                diagnostics.error(
                    "expected an address such as work:C024BE91L, got \(shown(entry.name)): \(error.reason)",
                    at: position, keyPath: keyPath)
            }
        }
        return shares.isEmpty ? nil : .split(shares)
    }
}
