import COpenSSL

/// Collects what OpenSSL writes as text.
struct PEMWriter: ~Copyable {
    private let bio: OpaquePointer

    init() throws(TLSError) {
        guard let bio = BIO_new(BIO_s_mem()) else { throw .last("BIO_new") }
        self.bio = bio
    }

    deinit {
        BIO_free(bio)
    }

    /// Lets the body write, and returns the text; the body answers what OpenSSL did.
    func text(_ operation: String, _ write: (OpaquePointer) -> CInt) throws(TLSError) -> String {
        guard write(bio) >= 0 else { throw .last(operation) }
        var bytes: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 4_096)
        while true {
            let count = BIO_read(bio, &piece, CInt(piece.count))
            guard count > 0 else { return String(decoding: bytes, as: UTF8.self) }
            bytes += piece.prefix(Int(count))
        }
    }
}
