import Crypto
import Files
import Synchronization

/// The files of the blob store: `ab/abcdef…`, each named by the SHA-256 of its content.
///
/// Every function blocks.
final class BlobFolder: Sendable {
    private struct State {
        /// The bytes of all blobs.
        var size: Int64 = 0
        /// Blobs that were stored and may not be referred to yet, with the uptime of that: a clock that is set forward must
        /// not make them look old.
        var fresh: [SHA256Digest: Duration] = [:]
    }

    /// How long a stored blob may wait for the commit of a message that refers to it.
    static let patience = Duration.seconds(3_600)

    private let path: FilePath
    private let files: FileSystem
    private let state = Mutex(State())

    /// Opens the folder, which is created when missing, and adds up what lies in it.
    init(_ path: FilePath, files: FileSystem) throws(FileError) {
        self.path = path
        self.files = files
        try files.createFolder(path)
        var size: Int64 = 0
        for digest in try digests(removingUnfinished: true) { size += Int64(try files.info(file(digest))?.size ?? 0) }
        state.withLock { [size] in $0.size = size }
    }

    /// The bytes of all blobs.
    var size: Int64 { state.withLock { $0.size } }

    private func file(_ digest: SHA256Digest) -> FilePath {
        let name = digest.hex
        return path.appending(String(name.prefix(2))).appending(name)
    }

    /// Makes the bytes durable under their digest; what is there already is not written again.
    func store(_ bytes: [UInt8], at uptime: Duration) throws -> SHA256Digest {
        let digest = try SHA256.digest(of: bytes)
        // Noted before the look at the disk: from here on no sweep removes the file.
        state.withLock { $0.fresh[digest] = uptime }
        let file = file(digest)
        // A size that differs is a blob damaged by something else; writing it anew mends it.
        guard try files.info(file)?.size != bytes.count else { return digest }
        try files.createFolder(file.folder)
        try files.write(bytes, to: file)
        state.withLock { $0.size += Int64(bytes.count) }
        return digest
    }

    /// Starts a blob that is written piece by piece.
    func draft() throws -> BlobDraft {
        // A folder as those of the blobs are, so that what is left there is found.
        let folder = path.appending("in")
        try files.createFolder(folder)
        return try BlobDraft(folder.appending("blob"), files: files)
    }

    /// Makes what was written durable under its digest; what is there already is not kept twice.
    func store(_ draft: BlobDraft, at uptime: Duration) throws -> SHA256Digest {
        let size = draft.size
        var isNew = true
        let digest = try draft.finish { digest in
            state.withLock { $0.fresh[digest] = uptime }
            let file = file(digest)
            isNew = try files.info(file)?.size != size
            guard isNew else { return nil }
            try files.createFolder(file.folder)
            return file
        }
        if isNew { state.withLock { $0.size += Int64(size) } }
        return digest
    }

    /// Opens a blob to be read piece by piece.
    func open(_ digest: SHA256Digest) throws -> BlobReading {
        try BlobReading(file(digest), digest, files: files)
    }

    /// Returns the bytes, having checked that they are those.
    func read(_ digest: SHA256Digest, size: Int) throws -> [UInt8] {
        let bytes = try files.read(file(digest), limit: size)
        guard bytes.count == size, try SHA256.digest(of: bytes) == digest else { throw BlobError.changed(digest) }
        return bytes
    }

    /// Removes blobs that nobody refers to, except those stored lately.
    func remove(_ digests: [SHA256Digest], at uptime: Duration) throws {
        for digest in digests {
            let file = file(digest)
            let size = try files.info(file)?.size ?? 0
            // Under the lock, so that nobody stores the same bytes between the look and the removal.
            let removal = state.withLock { state -> Result<Void, FileError> in
                if let stored = state.fresh[digest], uptime - stored < Self.patience { return .success(()) }
                do throws(FileError) { try files.remove(file) } catch { return .failure(error) }
                state.fresh[digest] = nil
                state.size -= Int64(size)
                return .success(())
            }
            try removal.get()
        }
    }

    /// Forgets those that have been referred to, or not, for long enough.
    func settle(at uptime: Duration) {
        state.withLock { state in state.fresh = state.fresh.filter { uptime - $0.value < Self.patience } }
    }

    /// Every blob in the folder.
    ///
    /// What a crash left unfinished is removed when asked for, which is when nobody stores yet.
    func digests(removingUnfinished: Bool = false) throws(FileError) -> [SHA256Digest] {
        var digests: [SHA256Digest] = []
        for folder in try files.list(path) where folder.utf8.count == 2 {
            for name in try files.list(path.appending(folder)) {
                if let digest = SHA256Digest(hex: name) {
                    digests.append(digest)
                } else if removingUnfinished, name.hasSuffix(".tmp") {
                    try files.remove(path.appending(folder).appending(name))
                }
            }
        }
        return digests
    }
}

/// What may be wrong with a blob.
enum BlobError: Error {
    /// Its bytes are not those of its digest.
    case changed(SHA256Digest)
}

extension BlobError: CustomStringConvertible {
    var description: String {
        switch self {
        case .changed(let digest): "the bytes of blob \(digest) have changed on the disk"
        }
    }
}
