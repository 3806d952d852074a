/// Reads content that is not held in memory, such as a file or a blob.
public protocol ContentReading: Sendable {
    /// Reads at most so many bytes from an offset; fewer than asked for only at the content's end.
    func read(at offset: Int, upTo count: Int) async throws -> [UInt8]
}

/// A representation to answer `GET` and `HEAD` with: its bytes, and what identifies them.
public struct HTTPContent: Sendable {
    /// Where the bytes are.
    public enum Source: Sendable {
        /// In memory.
        case bytes([UInt8])
        /// Elsewhere, so many.
        case reader(any ContentReading, length: Int)
    }

    /// Where the bytes are.
    public var source: Source
    /// The value of `Content-Type`.
    public var mediaType: String
    /// What identifies these bytes; nil when nothing does.
    public var tag: EntityTag?
    /// When they changed last, in seconds since 1970; nil when nobody knows.
    public var lastModified: Int64?
    /// More header fields, `Cache-Control` for one; all of them go with 304 too.
    public var headers: HTTPFields

    /// Creates a representation.
    public init(
        _ source: Source, mediaType: String, tag: EntityTag? = nil, lastModified: Int64? = nil,
        headers: HTTPFields = HTTPFields()
    ) {
        self.source = source
        self.mediaType = mediaType
        self.tag = tag
        self.lastModified = lastModified
        self.headers = headers
    }

    /// How many bytes there are.
    public var length: Int {
        switch source {
        case .bytes(let bytes): bytes.count
        case .reader(_, let length): length
        }
    }
}

/// Content ended before its length, so the answer was cut off.
public struct ContentCutShort: Error, Sendable, Hashable, CustomStringConvertible {
    /// Where it ended, in bytes.
    public let offset: Int

    /// What happened.
    public var description: String { "the content ended after \(offset) bytes, before its length" }
}
