public import Messages

extension FeedPost {
    /// The post as JSON, as the store keeps it and `postroad feed --json` prints it.
    public var json: JSON {
        var object = JSONObject()
        object["key"] = .string(key)
        object["rule"] = .string(rule.rawValue)
        object["edit"] = edit.map { .string($0) }
        object["time"] = .string(time.description)
        object["subject"] = .string(subject)
        object["text"] = .string(text)
        object["author"] = author.map { .string($0) }
        object["meta"] = .object(meta)
        return .object(object)
    }

    /// Reads a post from the store; `nil` for what another version left there.
    init?(encoded: [UInt8]) {
        guard let json = try? JSON(parsing: encoded), let key = json["key"]?.string,
            let rule = json["rule"]?.string.flatMap(FeedIdentity.Rule.init(rawValue:)),
            let time = json["time"]?.string.flatMap({ try? Timestamp(parsing: $0) }),
            let subject = json["subject"]?.string, let text = json["text"]?.string
        else { return nil }
        self.key = key
        self.rule = rule
        self.edit = json["edit"]?.string
        self.time = time
        self.subject = subject
        self.text = text
        self.author = json["author"]?.string
        self.meta = json["meta"]?.object ?? JSONObject()
    }
}
