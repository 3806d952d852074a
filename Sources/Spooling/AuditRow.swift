public import Messages

/// What somebody did by hand, mostly to dispatches.
public struct AuditRow: Sendable, Hashable {
    /// Its number; the newest has the highest.
    public var number: Int64
    /// When.
    public var time: Timestamp
    /// Who.
    public var actor: String
    /// What, in words.
    public var action: String
    /// Which dispatches, in the language of filters; empty for all.
    public var filter: String
    /// How many were changed.
    public var changed: Int
    /// Why, in the operator's words.
    public var reason: String?
    /// Where to, or until when.
    public var target: String?

    /// Creates a row.
    public init(
        number: Int64, time: Timestamp, actor: String, action: String, filter: String, changed: Int, reason: String?,
        target: String?
    ) {
        self.number = number
        self.time = time
        self.actor = actor
        self.action = action
        self.filter = filter
        self.changed = changed
        self.reason = reason
        self.target = target
    }
}

/// What somebody does, before it has its row.
public struct AuditNote: Sendable, Hashable {
    /// When.
    public var time: Timestamp
    /// Who.
    public var actor: String
    /// What, in words.
    public var action: String
    /// To which dispatches or messages; empty for all.
    public var filter: String
    /// Why, in the operator's words.
    public var reason: String?
    /// Where to, or until when.
    public var target: String?

    /// Creates a note.
    public init(
        time: Timestamp, actor: String, action: String, filter: String, reason: String? = nil, target: String? = nil
    ) {
        self.time = time
        self.actor = actor
        self.action = action
        self.filter = filter
        self.reason = reason
        self.target = target
    }
}
