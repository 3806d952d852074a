import Crypto
import Files

/// Blobs from outside the store: looked at, and copied from one folder to another.
enum BlobCopying {
    private static let piece = 262_144

    /// Where a blob lies in a folder of blobs.
    static func file(_ digest: SHA256Digest, in folder: FilePath) -> FilePath {
        let name = digest.hex
        return folder.appending(String(name.prefix(2))).appending(name)
    }

    /// What is wrong with a blob; `nil` when its bytes are those of its digest.
    static func problem(of digest: SHA256Digest, in folder: FilePath, files: FileSystem) throws -> String? {
        let path = file(digest, in: folder)
        guard try files.exists(path) else { return "the file is missing" }
        do throws(FileError) {
            let file = try FileReader(path, files: files)
            return try hash(of: file) == digest ? nil : "its bytes have changed on the disk"
        } catch {
            return "\(error)"
        }
    }

    private static func hash(of file: borrowing FileReader) throws(FileError) -> SHA256Digest? {
        guard var hash = try? SHA256() else { return nil }
        while true {
            let bytes = try file.read(upTo: piece)
            guard !bytes.isEmpty else { return try? hash.finish() }
            guard (try? hash.update(bytes)) != nil else { return nil }
        }
    }

    /// Copies a blob durably; `false` when it is not there.
    static func copy(
        _ digest: SHA256Digest, from source: FilePath, to target: FilePath, files: FileSystem
    ) throws -> Bool {
        let from = file(digest, in: source)
        guard try files.exists(from) else { return false }
        let to = file(digest, in: target)
        try files.createFolder(to.folder)
        let reader = try FileReader(from, files: files)
        var writer = try AtomicFile(to, files: files)
        while true {
            let bytes = try reader.read(upTo: piece)
            if bytes.isEmpty { break }
            try writer.write(bytes)
        }
        try writer.commit()
        return true
    }

    /// Every blob in a folder; none without one.
    static func digests(in folder: FilePath, files: FileSystem) throws -> [SHA256Digest] {
        guard try files.exists(folder) else { return [] }
        return try files.list(folder).filter { $0.utf8.count == 2 }
            .flatMap { try files.list(folder.appending($0)) }
            .compactMap { SHA256Digest(hex: $0) }
    }
}
