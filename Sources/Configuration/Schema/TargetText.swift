/// What a text that names recipients may be beside an address.
public enum TargetText {
    /// The word for a message's own sender.
    public static let reply = "reply"
    /// The word for all who have subscribed to a message's topic.
    public static let subscribers = "subscribers"

    /// Whether only a message tells which address it is: one of the words, or a template with `{{` in it.
    static func isPlaceholder(_ text: String) -> Bool {
        text == reply || text == subscribers || text.contains("{{")
    }
}
