import COpenSSL

/// Owns the functions by which OpenSSL reads and writes the bytes of a ``TLSMachine``.
final class TLSByteMethod {
    private let method: OpaquePointer

    init() throws(TLSError) {
        guard let method = BIO_meth_new(BIO_TYPE_SOURCE_SINK, "stream") else { throw .last("BIO_meth_new") }
        self.method = method
        BIO_meth_set_read(method) { bio, buffer, count in
            guard let bio, let buffer, let machine = TLSByteMethod.machine(of: bio) else { return -1 }
            BIO_clear_flags(bio, BIO_FLAGS_READ | BIO_FLAGS_WRITE | BIO_FLAGS_IO_SPECIAL | BIO_FLAGS_SHOULD_RETRY)
            let taken = machine.take(UnsafeMutableRawBufferPointer(start: buffer, count: Int(count)))
            guard taken == 0 else { return CInt(taken) }
            BIO_set_flags(bio, BIO_FLAGS_READ | BIO_FLAGS_SHOULD_RETRY)
            return -1
        }
        BIO_meth_set_write(method) { bio, buffer, count in
            guard let bio, let buffer, let machine = TLSByteMethod.machine(of: bio) else { return -1 }
            machine.put(UnsafeRawBufferPointer(start: buffer, count: Int(count)))
            return count
        }
        BIO_meth_set_ctrl(method) { _, command, _, _ in command == BIO_CTRL_FLUSH ? 1 : 0 }
    }

    deinit {
        BIO_meth_free(method)
    }

    /// A BIO of these functions for the machine, which must outlive it; the caller owns it.
    func bio(for machine: TLSMachine) throws(TLSError) -> OpaquePointer {
        guard let bio = BIO_new(method) else { throw .last("BIO_new") }
        BIO_set_data(bio, Unmanaged.passUnretained(machine).toOpaque())
        return bio
    }

    private static func machine(of bio: OpaquePointer) -> TLSMachine? {
        BIO_get_data(bio).map { Unmanaged<TLSMachine>.fromOpaque($0).takeUnretainedValue() }
    }
}
