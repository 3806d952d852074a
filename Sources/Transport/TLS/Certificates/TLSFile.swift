import COpenSSL
import CUV
import Glibc

/// Reads the small files that certificates and keys are.
enum TLSFile {
    /// The most bytes that a file may have.
    static var limit: Int { 1_048_576 }

    /// The content, and who but the owner may read or change the file.
    static func read(_ path: String) throws(TLSError) -> (content: [UInt8], isExposed: Bool) {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .unreadable(file: path, code: -errno) }
        defer { close(descriptor) }
        var facts = stat()
        guard fstat(descriptor, &facts) == 0 else { throw .unreadable(file: path, code: -errno) }
        var content: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 16_384)
        defer { piece.withUnsafeMutableBytes { OPENSSL_cleanse($0.baseAddress, $0.count) } }
        while true {
            let count = Glibc.read(descriptor, &piece, piece.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw .unreadable(file: path, code: -errno) }
            guard count > 0 else { return (content, facts.st_mode & 0o006 != 0) }
            guard content.count + count <= limit else { throw .unreadable(file: path, code: -EFBIG) }
            content += piece.prefix(count)
        }
    }
}
