import Clocks
import Crypto
import Files
public import Messages

/// Keeps what is too large for an envelope once, by its SHA-256, on the disk.
///
/// A blob is durable before its reference is given out, so an envelope that is accepted afterwards never refers to
/// nothing. A blob that no message refers to is removed by the spool's sweep, an hour after it was stored at the
/// earliest.
public final class BlobStore: Sendable {
    private let workers: WorkerPool<BlobFolder>
    private let folder: BlobFolder
    private let clock: any WallClock
    /// Is told what could not be read.
    private let report: @Sendable (Damage) async -> Void

    /// Blobs are read and written by so many threads.
    private static let threads = 2

    init(
        _ path: FilePath, files: FileSystem, clock: any WallClock, report: @escaping @Sendable (Damage) async -> Void
    ) async throws(SpoolError) {
        let opener = try await WorkerPool(count: 1) { (path, files) }
        let folder = try await opener.run { try BlobFolder($0.0, files: $0.1) }
        await opener.close()
        workers = try await WorkerPool(count: Self.threads) { folder }
        self.folder = folder
        self.clock = clock
        self.report = report
    }

    /// The bytes of all blobs.
    var size: Int64 { folder.size }

    /// Makes the bytes durable.
    ///
    /// - Returns: What an envelope carries instead of the bytes.
    /// - Throws: ``SpoolError/full(detail:)`` without room, ``SpoolError/disk(detail:)``, ``SpoolError/closed``.
    public func store(_ bytes: [UInt8]) async throws(SpoolError) -> BlobReference {
        let now = clock.now
        return try await workers.run { folder in
            try BlobReference(digest: folder.store(bytes, at: now).hex, size: bytes.count)
        }
    }

    /// Returns the bytes of a blob, having checked that they are those that were stored.
    ///
    /// - Throws: ``SpoolError/disk(detail:)`` when the blob is missing or damaged, which is then listed among the
    ///   damaged rows; ``SpoolError/closed``.
    public func read(_ reference: BlobReference) async throws(SpoolError) -> [UInt8] {
        guard let digest = SHA256Digest(hex: reference.digest) else {
            throw .disk(detail: "\(reference.digest) is no digest of a blob")
        }
        do {
            return try await workers.run { try $0.read(digest, size: reference.size) }
        } catch {
            if case .disk(let detail) = error {
                await report(Damage(place: "blob \(digest)", reason: detail, dispatch: nil))
            }
            throw error
        }
    }

    /// Moves every part of more than ``Messages/BlobReference/inlineLimit`` bytes out of the envelope.
    ///
    /// Texts stay, because stages work on them.
    ///
    /// - Returns: The envelope with references in their place.
    /// - Throws: As ``store(_:)``; what was stored by then is removed by a sweep.
    public func offload(_ envelope: Envelope) async throws(SpoolError) -> Envelope {
        var envelope = envelope
        for index in envelope.parts.indices {
            guard case .bytes(let bytes) = envelope.parts[index].content, bytes.count > BlobReference.inlineLimit else {
                continue
            }
            envelope.parts[index].content = .blob(try await store(bytes))
        }
        return envelope
    }

    /// Every blob on the disk.
    func digests() async throws(SpoolError) -> [SHA256Digest] {
        try await workers.run { try $0.digests() }
    }

    /// Removes blobs that no message refers to, except those stored lately.
    func remove(_ digests: [SHA256Digest]) async throws(SpoolError) {
        let now = clock.now
        try await workers.run { folder in
            try folder.remove(digests, at: now)
            folder.settle(at: now)
        }
    }

    func finish() {
        workers.finish()
    }

    func close() async {
        await workers.close()
    }
}
