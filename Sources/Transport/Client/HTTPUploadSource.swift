/// Where the body of a request comes from when it is not in memory.
public struct HTTPUploadSource: Sendable {
    /// Takes the next piece; returns when it went out, so that no more than one waits.
    ///
    /// Throws `CancellationError` when the request has ended and no more is wanted.
    public typealias Writer = @Sendable (_ bytes: [UInt8]) async throws -> Void

    /// The number of bytes, which then stands in front of them; nil sends them in chunks.
    public let count: Int?
    /// Whether the body can be produced again, as a redirect may ask for.
    public let isReplayable: Bool
    let produce: @Sendable (_ write: Writer) async throws -> Void

    /// Creates a source.
    ///
    /// - Parameters:
    ///   - count: The number of bytes, if it is known; another number of them breaks the request off.
    ///   - isReplayable: Whether `produce` may be called again from the start.
    ///   - produce: Writes the body, and returns at its end; it is cancelled when the request ends before.
    public init(
        count: Int? = nil, isReplayable: Bool = false,
        produce: @escaping @Sendable (_ write: Writer) async throws -> Void
    ) {
        self.count = count
        self.isReplayable = isReplayable
        self.produce = produce
    }

    /// Creates a source of what a sequence gives, which can be sent once.
    public init<Pieces: AsyncSequence & Sendable>(_ pieces: Pieces, count: Int? = nil) where Pieces.Element == [UInt8] {
        self.init(count: count) { write in
            for try await piece in pieces { try await write(piece) }
        }
    }
}
