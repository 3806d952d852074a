import COpenSSL

/// The loaded certificates of a server, and the choice among them; replaced as a whole by a reload.
final class TLSServerState {
    let facts: [TLSCertificateFacts]
    private let exposures: [TLSWarning]
    private let method: TLSByteMethod
    private let contexts: [TLSContext]
    private let names: ServerNames
    private let protocols: [UInt8]
    private let keys: TLSTicketKeys

    init(_ configuration: TLSServerConfiguration, _ keys: TLSTicketKeys) throws(TLSError) {
        guard !configuration.certificates.isEmpty else { throw .noCertificates }
        var loaded: [LoadedCertificate] = []
        for certificate in configuration.certificates {
            loaded.append(try LoadedCertificate(certificate))
        }
        var contexts: [TLSContext] = []
        for certificate in loaded { contexts.append(try Self.context(certificate, configuration)) }
        self.contexts = contexts
        self.keys = keys
        facts = loaded.map(\.facts)
        exposures = loaded.flatMap(\.exposures)
        names = ServerNames(facts)
        method = try TLSByteMethod()
        protocols = try ProtocolList.bytes(configuration.applicationProtocols)
        for context in contexts { listen(context, configuration) }
    }

    func warnings(now: Int64) -> [TLSWarning] {
        exposures + facts.flatMap { $0.warnings(now: now) }
    }

    /// Begins a connection.
    func machine() throws(TLSError) -> TLSMachine {
        try TLSMachine.make(contexts[0], method, keeping: self, isServer: true)
    }

    private static func context(
        _ certificate: LoadedCertificate, _ configuration: TLSServerConfiguration
    ) throws(TLSError) -> TLSContext {
        let context = try TLSContext(isServer: true, minimumVersion: configuration.minimumVersion)
        try context.use(certificate)
        switch configuration.clientCertificates {
        case .none: break
        case .request(let trust): try context.askClients(SSL_VERIFY_PEER, trust)
        case .require(let trust): try context.askClients(SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, trust)
        }
        try context.separateSessions(configuration.clientCertificates)
        if !configuration.resumesSessions { context.forbidResumption() }
        return context
    }
}

// Safe: what OpenSSL's contexts are is set in `init`; afterwards they are only read, and their counts of references and
// caches are OpenSSL's to lock (SSL_CTX_new(3), "thread safety"). The rest never changes.
extension TLSServerState: @unchecked Sendable {}

// MARK: - Callbacks

extension TLSServerState {
    /// Has OpenSSL ask this object; every connection keeps it.
    private func listen(_ context: TLSContext, _ configuration: TLSServerConfiguration) {
        context.withPointer { context in
            // No sessions are kept here: clients bring them along (RFC 5077, RFC 8446 §4.6.1).
            cssl_set_session_cache_mode(context, Int(SSL_SESS_CACHE_OFF))
            SSL_CTX_set_ex_data(context, 0, Unmanaged.passUnretained(self).toOpaque())
            cssl_set_server_name_callback(context) { ssl, _, _ in
                guard let ssl, let state = TLSServerState.of(ssl) else { return SSL_TLSEXT_ERR_OK }
                return state.choose(for: ssl)
            }
            SSL_CTX_set_tlsext_ticket_key_evp_cb(context) { ssl, name, vector, cipher, code, isSealing in
                guard let ssl, let name, let vector, let cipher, let code, let state = TLSServerState.of(ssl) else {
                    return -1
                }
                let ticket = TLSTicket(name: name, vector: vector, cipher: cipher, code: code)
                return isSealing == 1 ? state.keys.seal(ticket) : state.keys.open(ticket)
            }
            guard !protocols.isEmpty else { return }
            SSL_CTX_set_alpn_select_cb(
                context,
                { ssl, choice, count, offered, offeredCount, _ in
                    guard let ssl, let choice, let count, let state = TLSServerState.of(ssl) else {
                        return SSL_TLSEXT_ERR_ALERT_FATAL
                    }
                    let offer = UnsafeBufferPointer(start: offered, count: Int(offeredCount))
                    guard let found = ProtocolList.choose(from: offer, by: state.protocols) else {
                        return SSL_TLSEXT_ERR_ALERT_FATAL
                    }
                    choice.pointee = found.baseAddress
                    count.pointee = UInt8(found.count)
                    return SSL_TLSEXT_ERR_OK
                }, nil)
        }
    }

    private func choose(for ssl: OpaquePointer) -> CInt {
        guard let name = SSL_get_servername(ssl, TLSEXT_NAMETYPE_host_name) else { return SSL_TLSEXT_ERR_NOACK }
        let index = names.index(for: String(cString: name)) ?? 0
        if index != 0, contexts[index].withPointer({ SSL_set_SSL_CTX(ssl, $0) }) == nil {
            return SSL_TLSEXT_ERR_ALERT_FATAL
        }
        return SSL_TLSEXT_ERR_OK
    }

    private static func of(_ ssl: OpaquePointer) -> TLSServerState? {
        SSL_CTX_get_ex_data(SSL_get_SSL_CTX(ssl), 0).map {
            Unmanaged<TLSServerState>.fromOpaque($0).takeUnretainedValue()
        }
    }
}
