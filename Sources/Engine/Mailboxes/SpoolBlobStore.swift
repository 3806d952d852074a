public import AdapterKit
public import Messages
public import Spooling

/// The spool's blob store as adapters see it.
public struct SpoolBlobStore: AdapterKit.BlobStore {
    private let blobs: Spooling.BlobStore

    /// Creates the view of a store.
    public init(_ blobs: Spooling.BlobStore) {
        self.blobs = blobs
    }

    /// Stores bytes durably and returns the claim check.
    ///
    /// - Throws: `AcceptError`, so that a full disk is told to the sender of the message as such.
    public func store(_ bytes: [UInt8]) async throws -> BlobReference {
        do {
            return try await blobs.store(bytes)
        } catch {
            throw error.acceptError
        }
    }

    /// Stores bytes that come piece by piece.
    ///
    /// - Throws: `AcceptError` as ``store(_:)``, and what `next` throws.
    public func store(from next: @Sendable () async throws -> [UInt8]?) async throws -> BlobReference {
        do {
            return try await blobs.store(from: next)
        } catch let error as SpoolError {
            throw error.acceptError
        }
    }

    /// Hands out the bytes of a claim check piece by piece.
    public func read(_ blob: BlobReference, into take: @Sendable (_ bytes: [UInt8]) async throws -> Void) async throws {
        try await blobs.read(blob, into: take)
    }

    /// The bytes of a claim check.
    public func read(_ blob: BlobReference) async throws -> [UInt8] {
        try await blobs.read(blob)
    }
}
