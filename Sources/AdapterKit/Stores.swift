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

    /// The bytes of a claim check.
    func read(_ blob: BlobReference) async throws -> [UInt8]
}
