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
        _ path: FilePath, files: FileSystem, threads: any SpoolThreads, clock: any WallClock,
        report: @escaping @Sendable (Damage) async -> Void
    ) async throws(SpoolError) {
        let opener = try await WorkerPool(on: threads, count: 1) { (path, files) }
        let folder = try await opener.run { try BlobFolder($0.0, files: $0.1) }
        await opener.close()
        workers = try await WorkerPool(on: threads, count: Self.threads) { folder }
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
        let now = clock.uptime
        return try await workers.run { folder in
            try BlobReference(digest: folder.store(bytes, at: now).hex, size: bytes.count)
        }
    }

    /// Makes bytes durable that come piece by piece, without holding more than one piece in memory.
    ///
    /// Nothing stays when the pieces end with an error.
    ///
    /// - Parameter next: Gives the next piece, or nil at the end.
    /// - Returns: What an envelope carries instead of the bytes.
    /// - Throws: As ``store(_:)``, and what `next` throws.
    public func store(from next: @Sendable () async throws -> [UInt8]?) async throws -> BlobReference {
        let draft = try await workers.run { try $0.draft() }
        do {
            while let bytes = try await next() { try await workers.run { _ in try draft.write(bytes) } }
            let now = clock.uptime
            return try await workers.run { folder in
                let size = draft.size
                return try BlobReference(digest: folder.store(draft, at: now).hex, size: size)
            }
        } catch {
            try? await workers.run { _ in draft.discard() }
            throw error
        }
    }

    /// Hands out the bytes of a blob piece by piece.
    ///
    /// - Parameters:
    ///   - reference: The blob.
    ///   - take: Takes a piece of at most 256 KiB.
    /// - Throws: As ``read(_:)``, for a damaged blob after all of it was handed out; and what `take` throws.
    public func read(_ reference: BlobReference, into take: @Sendable ([UInt8]) async throws -> Void) async throws {
        guard let digest = SHA256Digest(hex: reference.digest) else {
            throw SpoolError.disk(detail: "\(reference.digest) is no digest of a blob")
        }
        let reading = try await reporting(digest) { try $0.open(digest) }
        while true {
            let bytes = try await reporting(digest) { _ in try reading.next(size: reference.size) }
            guard !bytes.isEmpty else { return }
            try await take(bytes)
        }
    }

    /// Reads, and lists what is damaged.
    private func reporting<Value: Sendable>(
        _ digest: SHA256Digest, _ body: @escaping @Sendable (BlobFolder) throws -> Value
    ) async throws(SpoolError) -> Value {
        do throws(SpoolError) {
            return try await workers.run(body)
        } catch {
            if case .disk(let detail) = error {
                await report(Damage(place: "blob \(digest)", reason: detail, dispatch: nil))
            }
            throw error
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
        return try await reporting(digest) { try $0.read(digest, size: reference.size) }
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
        let now = clock.uptime
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
