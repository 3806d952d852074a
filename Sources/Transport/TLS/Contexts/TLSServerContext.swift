import Synchronization

/// Takes TLS connections with certificates that can be read again while it works.
///
/// ```swift
/// let tls = try TLSServerContext(TLSServerConfiguration(certificates: [certificate]))
/// await server.run(on: listener, tls: tls)
/// try tls.reload()                                          // open connections stay as they are
/// ```
public final class TLSServerContext: Sendable {
    /// What it was made with.
    public let configuration: TLSServerConfiguration
    private let keys: TLSTicketKeys
    private let state: Mutex<TLSServerState>

    /// Reads the certificates.
    ///
    /// - Throws: `TLSError` that says which file is wrong, and how.
    public init(_ configuration: TLSServerConfiguration) throws(TLSError) {
        self.configuration = configuration
        keys = TLSTicketKeys(configuration.currentTime)
        state = Mutex(try TLSServerState(configuration, keys))
    }

    /// Reads the certificates again, for the handshakes from now on; open connections, and the sessions that clients
    /// may resume, stay.
    ///
    /// - Throws: `TLSError` that says which file is wrong, and how; then nothing has changed.
    public func reload() throws(TLSError) {
        let new = try TLSServerState(configuration, keys)
        state.withLock { $0 = new }
    }

    /// What the certificates say of themselves, in their order.
    public var certificates: [TLSCertificateFacts] { current.facts }

    /// What an operator should look after.
    public var warnings: [TLSWarning] { current.warnings(now: configuration.currentTime()) }

    /// Shakes hands with a client.
    ///
    /// - Parameter stream: The connection; closed on failure, except when `.tls(.plainHTTP)` is thrown.
    /// - Returns: The protected stream.
    /// - Throws: `.tls`, `.timedOut`, or what the stream throws.
    public func accept(_ stream: any ByteStream) async throws(TransportError) -> TLSStream {
        let (state, timeout) = (current, configuration.handshakeTimeout)
        return try await withTaskExecutorPreference(stream.loop) { () async throws(TransportError) in
            guard stream.loop.inLoop else { throw .loopStopped(name: stream.loop.name) }
            let machine = try asTransport { () throws(TLSError) in try state.machine() }
            return try await TLSHandshake(machine: machine, stream: stream, timeout: timeout).run()
        }
    }

    var current: TLSServerState { state.withLock { $0 } }
}
