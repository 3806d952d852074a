public import Configuration

/// One account on one platform: an entry of `mailboxes`.
public struct MailboxConfiguration: Sendable, Hashable {
    /// The name, which is the platform of its addresses and the source of its topics.
    public var name: String
    /// The adapter's name.
    public var adapter: String
    /// How many messages are delivered at the same time; `nil` for what the adapter advises.
    public var concurrency: Int?
    /// How many messages are delivered in a time; `nil` for no limit.
    public var rate: Rate?
    /// How many messages are delivered to one recipient in a time; `nil` for no limit.
    public var laneRate: Rate?
    /// How long delivery is tried.
    public var expires: Duration
    /// When a delivery that failed is tried again.
    public var retry: RetrySettings
    /// All its settings: those of the adapter, and the common ones beside them.
    public var settings: SettingsObject
    /// Where it stands; ``SourcePosition/builtIn`` for the mailbox that is always there.
    public var position: SourcePosition
    /// Whether messages come in by it.
    public var canReceive: Bool
    /// Whether messages go out by it.
    public var canSend: Bool

    /// Creates a mailbox; what is not given is as in a file that does not give it.
    public init(
        name: String, adapter: String, concurrency: Int? = nil, rate: Rate? = nil, laneRate: Rate? = nil,
        expires: Duration = .seconds(432_000),
        retry: RetrySettings = RetrySettings(),
        settings: SettingsObject = SettingsObject(), position: SourcePosition = .builtIn, canReceive: Bool = true,
        canSend: Bool = true
    ) {
        self.name = name
        self.adapter = adapter
        self.concurrency = concurrency
        self.rate = rate
        self.laneRate = laneRate
        self.expires = expires
        self.retry = retry
        self.settings = settings
        self.position = position
        self.canReceive = canReceive
        self.canSend = canSend
    }
}

extension MailboxConfiguration {
    /// Compares what the mailboxes are, wherever they stand.
    public static func == (left: Self, right: Self) -> Bool {
        left.name == right.name && left.adapter == right.adapter && left.settings == right.settings
            && left.concurrency == right.concurrency && left.rate == right.rate && left.laneRate == right.laneRate
            && left.expires == right.expires
            && left.retry == right.retry
    }

    /// Hashes what the mailbox is.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(name)
        hasher.combine(adapter)
        hasher.combine(settings)
    }
}
