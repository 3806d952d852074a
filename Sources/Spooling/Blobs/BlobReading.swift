import Crypto
import Files
import Synchronization

/// A blob that is being read piece by piece, and checked at its end; every function blocks.
final class BlobReading: Sendable {
    private struct Content: ~Copyable {
        let file: FileReader
        var hash: SHA256
        var size = 0

        consuming func digest() throws(CryptoError) -> SHA256Digest {
            try hash.finish()
        }
    }

    /// How much is read at one time.
    static let pieceSize = 262_144

    private let digest: SHA256Digest
    private let content: Mutex<Content?>

    init(_ path: FilePath, _ digest: SHA256Digest, files: FileSystem) throws {
        self.digest = digest
        content = Mutex(Content(file: try FileReader(path, files: files), hash: try SHA256()))
    }

    /// The next bytes, or none at the end.
    ///
    /// - Throws: `BlobError.changed` at the end when the bytes were not those of the digest, or not so many.
    func next(size: Int) throws -> [UInt8] {
        try content.withLock { content in
            guard let bytes = try content?.file.read(upTo: Self.pieceSize) else { return [] }
            try content?.hash.update(bytes)
            content?.size += bytes.count
            guard bytes.isEmpty, let whole = content.take() else { return bytes }
            let count = whole.size
            guard try whole.digest() == digest, count == size else { throw BlobError.changed(digest) }
            return []
        }
    }
}
