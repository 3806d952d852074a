import COpenSSL

/// The state of TLS on one connection, without I/O: takes what came in, and gives what is to go out.
///
/// Owns OpenSSL's `SSL`. Used by one thread at a time.
final class TLSMachine {
    /// What a read found.
    enum Found {
        case bytes([UInt8])
        case needsInput
        case end
    }

    private let ssl: OpaquePointer
    /// What OpenSSL's callbacks use, as long as they may be called.
    private let keeper: AnyObject
    /// By what a client remembers the server's sessions; nil when it does not.
    let resumptionKey: String?
    private var inbound: [UInt8] = []
    private var taken = 0
    private var outbound: [UInt8] = []
    private var failure: TLSError?

    private init(_ ssl: OpaquePointer, _ keeper: AnyObject, _ resumptionKey: String?) {
        self.ssl = ssl
        self.keeper = keeper
        self.resumptionKey = resumptionKey
    }

    deinit {
        SSL_free(ssl)
    }

    /// Begins a connection of a context, whose callbacks' state it keeps.
    static func make(
        _ context: TLSContext, _ method: TLSByteMethod, keeping keeper: AnyObject, isServer: Bool,
        resumptionKey: String? = nil
    ) throws(TLSError) -> TLSMachine {
        guard let ssl = context.withPointer({ SSL_new($0) }) else { throw .last("SSL_new") }
        let machine = TLSMachine(ssl, keeper, resumptionKey)
        let bio = try method.bio(for: machine)
        SSL_set_bio(ssl, bio, bio)
        SSL_set_ex_data(ssl, 0, Unmanaged.passUnretained(machine).toOpaque())
        if isServer { SSL_set_accept_state(ssl) } else { SSL_set_connect_state(ssl) }
        return machine
    }

    /// The machine that OpenSSL's structure, in a callback, belongs to.
    static func of(_ ssl: OpaquePointer) -> TLSMachine? {
        SSL_get_ex_data(ssl, 0).map { Unmanaged<TLSMachine>.fromOpaque($0).takeUnretainedValue() }
    }

    /// Lends OpenSSL's structure.
    func withPointer<Result>(_ body: (OpaquePointer) -> Result) -> Result {
        body(ssl)
    }
}

// MARK: - Bytes of the connection

extension TLSMachine {
    /// Takes in what came.
    func feed(_ bytes: [UInt8]) {
        if taken == inbound.count {
            inbound = bytes
            taken = 0
        } else {
            inbound.removeFirst(taken)
            taken = 0
            inbound.append(contentsOf: bytes)
        }
    }

    /// What is to be sent.
    func takeOutbound() -> [UInt8] {
        defer { outbound = [] }
        return outbound
    }

    /// How many bytes wait to be sent.
    var outboundCount: Int { outbound.count }

    func take(_ target: UnsafeMutableRawBufferPointer) -> Int {
        let count = min(target.count, inbound.count - taken)
        guard count > 0 else { return 0 }
        inbound.withUnsafeBytes { target.copyMemory(from: UnsafeRawBufferPointer(rebasing: $0[taken..<taken + count])) }
        taken += count
        if taken == inbound.count {
            // An idle connection keeps no buffer.
            inbound = []
            taken = 0
        }
        return count
    }

    func put(_ bytes: UnsafeRawBufferPointer) {
        outbound.append(contentsOf: bytes)
    }
}

// MARK: - TLS

extension TLSMachine {
    /// Goes on with the handshake; true when it is done, false when more input is needed.
    func handshake() throws(TLSError) -> Bool {
        ERR_clear_error()
        let code = SSL_do_handshake(ssl)
        if code == 1 { return true }
        if SSL_get_error(ssl, code) == SSL_ERROR_WANT_READ { return false }
        let (reason, number) = TLSError.lastReason()
        let error: TLSError =
            switch ERR_GET_REASON(CUnsignedLong(number)) {
            case SSL_R_CERTIFICATE_VERIFY_FAILED: .untrusted(reason: rejection)
            case SSL_R_HTTP_REQUEST: .plainHTTP
            default: .handshakeFailed(reason: reason)
            }
        failure = error
        throw error
    }

    private var rejection: String {
        String(cString: X509_verify_cert_error_string(SSL_get_verify_result(ssl)))
    }

    /// Decrypts at most so many bytes of what came.
    func read(max: Int) throws(TLSError) -> Found {
        if let failure { throw failure }
        // What comes out is never more than what came in, unless OpenSSL holds some of it, which the next call gets.
        let room = min(max, inbound.count - taken + Int(SSL_pending(ssl)))
        guard room > 0 else { return SSL_get_shutdown(ssl) & SSL_RECEIVED_SHUTDOWN == 0 ? .needsInput : .end }
        var code: CInt = 1
        ERR_clear_error()
        let bytes = [UInt8](unsafeUninitializedCapacity: room) { buffer, filled in
            while filled < room {
                var count = 0
                code = SSL_read_ex(ssl, buffer.baseAddress.map { $0 + filled }, room - filled, &count)
                guard code == 1 else { return }
                filled += count
            }
        }
        let state = code == 1 ? SSL_ERROR_NONE : SSL_get_error(ssl, code)
        if state == SSL_ERROR_SSL || state == SSL_ERROR_SYSCALL {
            failure = .broken(reason: TLSError.lastReason().text)
        }
        if !bytes.isEmpty { return .bytes(bytes) }
        if let failure { throw failure }
        return state == SSL_ERROR_ZERO_RETURN ? .end : .needsInput
    }

    /// Encrypts bytes.
    func write(_ bytes: UnsafeRawBufferPointer) throws(TLSError) {
        if let failure { throw failure }
        var rest = bytes
        outbound.reserveCapacity(outbound.count + bytes.count + (bytes.count / 16_384 + 1) * 64)
        while !rest.isEmpty {
            var count = 0
            ERR_clear_error()
            guard SSL_write_ex(ssl, rest.baseAddress, rest.count, &count) == 1 else {
                throw .broken(reason: TLSError.lastReason().text)
            }
            rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(count))
        }
    }

    /// Says that nothing more will be written; later calls do nothing.
    func closeWriting() {
        guard failure == nil, SSL_is_init_finished(ssl) == 1, SSL_get_shutdown(ssl) & SSL_SENT_SHUTDOWN == 0 else {
            return
        }
        ERR_clear_error()
        // The other end's word is not waited for; what can fail here is known from the reads and writes before.
        SSL_shutdown(ssl)
        ERR_clear_error()
    }
}
