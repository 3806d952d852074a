import AdapterKit
import Configuration
import Files
import Markup

/// The settings of a mailbox of feeds.
struct FeedSettings: Sendable, Hashable {
    /// The feeds, in the order of the file.
    var feeds: [FeedSubscription]
    /// Whether feeds may lie on this machine or in a private network.
    var allowsPrivate: Bool
    /// What servers are told of who asks.
    var userAgent: String

    /// Reads the settings.
    ///
    /// - Throws: ``AdapterError/badSettings(_:)`` with everything that is wrong.
    init(_ settings: SettingsObject) throws(AdapterError) {
        var diagnostics = Diagnostics()
        feeds = settings.objects("feeds").compactMap { FeedSubscription($0, $1, &diagnostics) }
        allowsPrivate = settings.boolean("allow_private")
        let contact = settings.stringIfGiven("contact").map { "; +\($0)" } ?? ""
        userAgent = "Postroad (feed reader\(contact))"
        guard !diagnostics.hasErrors else { throw .badSettings(diagnostics.all) }
    }
}

/// One feed as the operator wants it.
struct FeedSubscription: Sendable, Hashable {
    /// Where a feed is.
    enum Place: Sendable, Hashable {
        case web(String)
        case file(FilePath)
    }

    /// The feed's name: the class of its topics and the user of its address.
    var name: String
    var place: Place
    /// The time between polls.
    var schedule: FeedSchedule
    /// How many entries of the first document are posted.
    var newest: Int
    /// The most posts of one poll.
    var perPoll: Int
    /// Whether edits of entries are posted.
    var postsUpdates: Bool
    var text: FeedTextForm
    var filter: FeedFilter

    /// Reads the settings of a feed; `nil` when they make none, which the diagnostics say.
    init?(_ name: String, _ settings: SettingsObject, _ diagnostics: inout Diagnostics) {
        guard let place = Self.place(settings, &diagnostics) else { return nil }
        self.name = name
        self.place = place
        schedule = FeedSchedule(every: settings.duration("every"))
        newest = settings.integer("newest")
        perPoll = settings.integer("per_poll")
        postsUpdates = settings.boolean("updates")
        text = FeedTextForm(rawValue: settings.string("text")) ?? .summary
        filter = FeedFilter(
            include: settings.strings("include").compactMap(FeedKeyword.init),
            exclude: settings.strings("exclude").compactMap(FeedKeyword.init))
    }

    /// The place as it is remembered, to notice when it changes.
    var placeText: String {
        switch place {
        case .web(let url): url
        case .file(let path): "file:\(path)"
        }
    }

    private static func place(_ settings: SettingsObject, _ diagnostics: inout Diagnostics) -> Place? {
        let text = settings.string("url").trimmed
        switch WebReference.scheme(of: text) {
        case "http", "https":
            let url = WebReference.escaped(text)
            if url.split(separator: "/", maxSplits: 2, omittingEmptySubsequences: false).last?.isEmpty == false {
                return .web(url)
            }
        case "file":
            var path = text.dropFirst("file:".count)
            // `file:///a/b` has an empty host (RFC 8089 §2); `file:a/b` is relative to the file that says so.
            if path.hasPrefix("//") { path = path.dropFirst(2) }
            if !path.isEmpty {
                let folder = settings.position(of: "url").folder
                return .file(FilePath(path.hasPrefix("/") ? String(path) : folder + path))
            }
        default: break
        }
        diagnostics.error(
            "expected a web address (https://example.org/feed) or a file (file:feeds/news.xml)",
            at: settings.position(of: "url"), keyPath: settings.keyPath(of: "url"))
        return nil
    }
}
