import Messages

/// What is remembered of an entry that was seen.
struct SeenEntry: Sendable, Hashable {
    /// The key of its identity.
    let key: String
    /// How it was identified.
    var rule: FeedIdentity.Rule
    /// A digest of its normalised link, which finds it again when the feed changes its ids.
    var link: String?
    /// A digest of its title, for the same.
    var title: String?
    /// A digest of what readers see.
    var content: String
    /// How often it was posted as edited.
    var edits = 0
    /// When it was last in the feed, to the day or so.
    var lastSeen: Timestamp
}

extension SeenEntry {
    /// What the state store keeps under the key.
    var encoded: [UInt8] {
        var object = JSONObject()
        object["rule"] = .string(rule.rawValue)
        object["link"] = link.map { .string($0) }
        object["title"] = title.map { .string($0) }
        object["content"] = .string(content)
        if edits > 0 { object["edits"] = .integer(Int64(edits)) }
        object["seen"] = .integer(lastSeen.seconds)
        return JSON.object(object).encoded()
    }

    /// Reads what the state store has under the key; `nil` for what an older or newer version left there.
    init?(key: String, encoded: [UInt8]) {
        guard let json = try? JSON(parsing: encoded),
            let rule = json["rule"]?.string.flatMap(FeedIdentity.Rule.init(rawValue:)),
            let content = json["content"]?.string, let seen = json["seen"]?.integer
        else { return nil }
        self.key = key
        self.rule = rule
        self.link = json["link"]?.string
        self.title = json["title"]?.string
        self.content = content
        self.edits = Int(clamping: json["edits"]?.integer ?? 0)
        self.lastSeen = Timestamp(seconds: seen)
    }
}
