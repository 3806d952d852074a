import COpenSSL

/// Makes TLS connections to servers, whose names it verifies.
public final class TLSClientContext {
    /// What it was made with.
    public let configuration: TLSClientConfiguration
    private let context: TLSContext
    private let method: TLSByteMethod
    private let sessions = TLSSessionStore()

    /// Reads the certificates.
    ///
    /// - Throws: `TLSError` that says which file is wrong, and how.
    public init(_ configuration: TLSClientConfiguration = TLSClientConfiguration()) throws(TLSError) {
        self.configuration = configuration
        method = try TLSByteMethod()
        context = try TLSContext(isServer: false, minimumVersion: configuration.minimumVersion)
        try context.trust(configuration.trust)
        if let certificate = configuration.certificate { try context.use(LoadedCertificate(certificate)) }
        let protocols = try ProtocolList.bytes(configuration.applicationProtocols)
        context.withPointer { context in
            SSL_CTX_set_verify(context, SSL_VERIFY_PEER, nil)
            // Answers 0 for success, and fails for want of memory only (SSL_CTX_set_alpn_protos(3)).
            SSL_CTX_set_alpn_protos(context, protocols, CUnsignedInt(protocols.count))
        }
        if configuration.resumesSessions { keepSessions() } else { context.forbidResumption() }
    }

    /// Shakes hands with a server.
    ///
    /// - Parameters:
    ///   - stream: The connection; closed on failure.
    ///   - serverName: The DNS name or IP address that the server's certificate must be for.
    /// - Returns: The protected stream.
    /// - Throws: `.tls`, `.timedOut`, or what the stream throws.
    public func connect(
        over stream: any ByteStream, serverName: String
    ) async throws(TransportError) -> TLSStream {
        try await withTaskExecutorPreference(stream.loop) { () async throws(TransportError) in
            guard stream.loop.inLoop else { throw .loopStopped(name: stream.loop.name) }
            let machine: TLSMachine
            do throws(TLSError) {
                machine = try self.machine(for: serverName, at: stream.remoteAddress)
            } catch {
                stream.close()
                throw .tls(error)
            }
            return try await TLSHandshake(
                machine: machine, stream: stream, timeout: configuration.handshakeTimeout
            ).run()
        }
    }

    func machine(for name: String, at address: SocketAddress) throws(TLSError) -> TLSMachine {
        let key = configuration.resumesSessions ? "\(name) \(address)" : nil
        let machine = try TLSMachine.make(context, method, keeping: self, isServer: false, resumptionKey: key)
        try machine.withPointer { ssl in Result { () throws(TLSError) in try Self.verify(name, ssl) } }.get()
        if let session = key.flatMap({ sessions.take($0) }) { session.resume(machine) }
        return machine
    }

    private static func verify(_ name: String, _ ssl: OpaquePointer) throws(TLSError) {
        guard !name.isEmpty, !name.utf8.contains(0) else { throw .badName(name) }
        if IPAddress(name) != nil {
            try TLSError.check(X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(ssl), name), "X509_VERIFY_PARAM_set1_ip")
            return
        }
        SSL_set_hostflags(ssl, CUnsignedInt(X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS))
        guard SSL_set1_host(ssl, name) == 1, cssl_set_server_name(ssl, name) == 1 else {
            ERR_clear_error()
            throw .badName(name)
        }
    }

    private func keepSessions() {
        context.withPointer { context in
            let mode = SSL_SESS_CACHE_CLIENT | SSL_SESS_CACHE_NO_INTERNAL
            cssl_set_session_cache_mode(context, Int(mode))
            SSL_CTX_set_ex_data(context, 0, Unmanaged.passUnretained(self).toOpaque())
            SSL_CTX_sess_set_new_cb(context) { ssl, session in
                guard let ssl, let session, let key = TLSMachine.of(ssl)?.resumptionKey,
                    let owner = SSL_CTX_get_ex_data(SSL_get_SSL_CTX(ssl), 0)
                else { return 0 }
                let client = Unmanaged<TLSClientContext>.fromOpaque(owner).takeUnretainedValue()
                client.sessions.keep(TLSSession(session), for: key)
                // 1: the reference is ours now.
                return 1
            }
        }
    }
}

// Safe: OpenSSL's context is set up in `init` and only read afterwards, but for its counts of references, which are
// OpenSSL's to lock (SSL_CTX_new(3)); the sessions have a Mutex; the rest never changes.
extension TLSClientContext: @unchecked Sendable {}
