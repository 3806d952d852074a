public import Messages

/// What a mailbox remembers over restarts: values under keys; every change is durable when its function returns.
public protocol StateStore: Sendable {
    /// The value under a key.
    func value(for key: String) async throws -> [UInt8]?

    /// The entries whose keys have this prefix, in the order of the keys, after `after`, at most `limit`.
    func entries(prefix: String, after: String?, limit: Int) async throws -> [(key: String, value: [UInt8])]

    /// Stores values and removes those that are `nil`, all in one transaction.
    func set(_ changes: [(key: String, value: [UInt8]?)]) async throws
}

/// Where bytes too large for an envelope lie, each once under its digest.
public protocol BlobStore: Sendable {
    /// Stores bytes durably and returns the claim check.
    func store(_ bytes: [UInt8]) async throws -> BlobReference

    /// Stores bytes that come piece by piece, without holding them in memory; nothing stays when they end with an error.
    ///
    /// - Parameter next: Gives the next piece, or nil at the end.
    /// - Returns: The claim check.
    /// - Throws: What the disk says, and what `next` throws.
    func store(from next: @Sendable () async throws -> [UInt8]?) async throws -> BlobReference

    /// The bytes of a claim check.
    func read(_ blob: BlobReference) async throws -> [UInt8]

    /// Hands out the bytes of a claim check piece by piece; a damaged blob throws at its end.
    func read(_ blob: BlobReference, into take: @Sendable (_ bytes: [UInt8]) async throws -> Void) async throws
}

extension BlobStore {
    /// Collects the pieces; a store on a disk does better.
    public func store(from next: @Sendable () async throws -> [UInt8]?) async throws -> BlobReference {
        var bytes: [UInt8] = []
        while let more = try await next() { bytes += more }
        return try await store(bytes)
    }

    /// Hands out all bytes as one piece; a store on a disk does better.
    public func read(_ blob: BlobReference, into take: @Sendable (_ bytes: [UInt8]) async throws -> Void) async throws {
        try await take(try await read(blob))
    }
}
