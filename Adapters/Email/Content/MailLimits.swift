/// How much of a mail is read.
public struct MailLimits: Sendable, Hashable {
    /// The most levels of parts within parts; what lies deeper is kept as a file.
    public var depth = 20
    /// The most parts.
    public var parts = 200
    /// The most bytes of the header of a message or a part.
    public var headerBytes = 262_144
    /// The most fields of a header.
    public var headerFields = 1_000

    /// The usual limits.
    public init() {}
}
