public import AdapterKit
public import Messages
import Synchronization

/// What a mailbox remembers, in memory; every reading goes through the same keys in the same order as on disk.
public final class MemoryStateStore: StateStore {
    private let values = Mutex<[String: [UInt8]]>([:])

    /// Creates an empty store.
    public init() {}

    /// Everything in it.
    public var all: [String: [UInt8]] { values.withLock { $0 } }

    /// The value under a key.
    public func value(for key: String) async throws -> [UInt8]? {
        values.withLock { $0[key] }
    }

    /// The entries whose keys have this prefix.
    public func entries(prefix: String, after: String?, limit: Int) async throws -> [(key: String, value: [UInt8])] {
        values.withLock { values in
            let found = values.filter { $0.key.hasPrefix(prefix) }.filter { entry in
                after.map { entry.key > $0 } ?? true
            }
            return found.sorted { $0.key < $1.key }.prefix(limit).map { ($0.key, $0.value) }
        }
    }

    /// Stores values and removes those that are `nil`.
    public func set(_ changes: [(key: String, value: [UInt8]?)]) async throws {
        values.withLock { values in
            for (key, value) in changes { values[key] = value }
        }
    }
}

/// Large parts, in memory; a digest is a number, not a hash.
public final class MemoryBlobStore: BlobStore {
    private let blobs = Mutex<[[UInt8]]>([])

    /// Creates an empty store.
    public init() {}

    /// How many blobs are in it.
    public var count: Int { blobs.withLock { $0.count } }

    /// Stores bytes.
    public func store(_ bytes: [UInt8]) async throws -> BlobReference {
        let number = blobs.withLock { blobs in
            blobs.append(bytes)
            return blobs.count - 1
        }
        let digits = String(number, radix: 16)
        return try BlobReference(
            digest: String(repeating: "0", count: 64 - digits.count) + digits, size: bytes.count)
    }

    /// The bytes of a claim check.
    public func read(_ blob: BlobReference) async throws -> [UInt8] {
        guard let number = Int(blob.digest, radix: 16),
            let bytes = blobs.withLock({ $0.indices.contains(number) ? $0[number] : nil })
        else { throw MessageError.badField(path: "sha256", reason: "no such blob") }
        return bytes
    }
}
