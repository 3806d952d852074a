import Crypto
import Files
import Synchronization

/// A blob that is being written: its bytes go to a temporary file and into the digest that will be its name.
///
/// Without an end the file goes with the draft; what a crash leaves is removed when the folder is opened. Every function
/// blocks.
final class BlobDraft: Sendable {
    private struct Content: ~Copyable {
        var file: AtomicFile
        var hash: SHA256
        var size = 0

        consuming func finish(_ name: (SHA256Digest) throws -> FilePath?) throws -> SHA256Digest {
            let digest = try hash.finish()
            if let path = try name(digest) { try file.commit(as: path) }
            return digest
        }
    }

    private let content: Mutex<Content?>

    /// Starts an empty one beside this path.
    init(_ path: FilePath, files: FileSystem) throws {
        content = Mutex(Content(file: try AtomicFile(path, files: files), hash: try SHA256()))
    }

    /// Adds bytes at the end.
    func write(_ bytes: [UInt8]) throws {
        try content.withLock { content in
            try content?.file.write(bytes)
            try content?.hash.update(bytes)
            content?.size += bytes.count
        }
    }

    /// The number of bytes so far.
    var size: Int { content.withLock { $0?.size ?? 0 } }

    /// Makes the file durable under the name that is made of the digest, unless none is wanted; the draft is used up.
    func finish(_ name: (SHA256Digest) throws -> FilePath?) throws -> SHA256Digest {
        guard let content = content.withLock({ $0.take() }) else { throw SpoolError.closed }
        return try content.finish(name)
    }

    /// Removes the file.
    func discard() {
        content.withLock { $0 = nil }
    }
}
