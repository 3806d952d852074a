public import Configuration
public import Messages

/// An address `list:NAME` that stands for several: its members, its owners, and who may write to it.
public struct MailingList: Sendable, Hashable {
    /// Who may write to a list.
    public enum Posting: String, Sendable, CaseIterable {
        /// Whoever writes.
        case anyone
        /// Senders for whom their platform vouches.
        case authenticated
        /// Members and owners.
        case members
        /// Owners.
        case owners
    }

    /// Who may become a member.
    public enum Joining: String, Sendable, CaseIterable {
        /// Whoever asks.
        case open
        /// Whom an owner adds.
        case owners
    }

    /// The name behind `list:`.
    public var name: String
    /// Who gets what is written to it, in order, each once.
    public var members: [Address]
    /// Who decides about it; an owner is no member by that.
    public var owners: [Address]
    /// Members who may not write.
    public var muted: Set<Address>
    /// Who may write besides those of `posting`.
    public var senders: [Address]
    /// Who may write.
    public var posting: Posting
    /// Who may become a member.
    public var joining: Joining
    /// Where it stands in the file; `nil` for one that was made at run time.
    public var position: SourcePosition?

    /// Creates a list.
    public init(
        name: String, members: [Address] = [], owners: [Address] = [], muted: Set<Address> = [],
        senders: [Address] = [], posting: Posting = .anyone, joining: Joining = .owners,
        position: SourcePosition? = nil
    ) {
        self.name = name
        self.members = members
        self.owners = owners
        self.muted = muted
        self.senders = senders
        self.posting = posting
        self.joining = joining
        self.position = position
    }

    /// Its address.
    public var shownAddress: String { "\(RouteTarget.listPlatform):\(name)" }

    /// Why the sender of a message may not write to the list; `nil` when they may.
    public func refusal(of envelope: Envelope) -> String? {
        let sender = envelope.from
        if muted.contains(sender) { return "\(shownAddress): \(sender) is muted" }
        if owners.contains(sender) || senders.contains(sender) { return nil }
        switch posting {
        case .anyone: return nil
        case .authenticated where envelope.sender?.isAuthenticated == true: return nil
        case .authenticated: return "\(shownAddress): only verified senders may write, and \(sender) is not verified"
        case .members where members.contains(sender): return nil
        case .members: return "\(shownAddress): only members may write, and \(sender) is none"
        case .owners: return "\(shownAddress): only owners may write, and \(sender) is none"
        }
    }
}

extension MailingList {
    /// The keys of a list in routes.yaml.
    static let schema: SettingsSchema = [
        Setting(
            "members", .list(of: .address), range: SettingRange(0...1_000_000),
            "Who gets what is written to the list; `{file: path}` reads them from a file, one on each line.",
            example: "[work:U024BE91L, mail:ann@example.org]"),
        Setting(
            "owners", .list(of: .address), range: SettingRange(0...1_000),
            "Who may write always, add and remove members, and mute them.", example: "mail:ann@example.org"),
        Setting(
            "muted", .list(of: .address), range: SettingRange(0...100_000), "Members who may not write to the list."),
        Setting(
            "senders", .list(of: .address), range: SettingRange(0...100_000),
            "Who may write besides those that `post` names.", example: "api:ci"),
        Setting(
            "post", .choice(Posting.allCases.map(\.rawValue)), default: Posting.anyone.rawValue,
            """
            Who may write: `anyone`, `authenticated` (senders whom their platform vouches for), `members` or `owners`. What \
            others write is dropped, with the reason in the trace.
            """),
        Setting(
            "join", .choice(Joining.allCases.map(\.rawValue)), default: Joining.owners.rawValue,
            "Who may become a member at run time: whoever asks (`open`), or whom an owner adds (`owners`)."),
    ]

    /// Makes a list of checked settings.
    init(name: String, _ settings: SettingsObject) {
        var seen: Set<Address> = []
        self.init(
            name: name, members: settings.addresses("members").filter { seen.insert($0).inserted },
            owners: settings.addresses("owners"), muted: Set(settings.addresses("muted")),
            senders: settings.addresses("senders"), posting: Posting(rawValue: settings.string("post")) ?? .anyone,
            joining: Joining(rawValue: settings.string("join")) ?? .owners, position: settings.position)
    }
}

extension MailingList {
    /// Where it was made: its place in the file, or `run time`.
    public var origin: String { position?.description ?? "run time" }
}
