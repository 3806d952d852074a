import Synchronization

/// Takes TLS connections with certificates that can be read again while it works.
///
/// ```swift
/// let tls = try TLSServerContext(TLSServerConfiguration(certificates: [certificate]))
/// await server.run(on: listener, tls: tls)
/// try tls.reload()                                          // open connections stay as they are
/// ```
public final class TLSServerContext: Sendable {
    private struct Current {
        let configuration: TLSServerConfiguration
        let state: TLSServerState
    }

    private let keys: TLSTicketKeys
    private let held: Mutex<Current>

    /// Reads the certificates.
    ///
    /// - Throws: `TLSError` that says which file is wrong, and how.
    public init(_ configuration: TLSServerConfiguration) throws(TLSError) {
        keys = TLSTicketKeys(configuration.currentTime)
        held = Mutex(Current(configuration: configuration, state: try TLSServerState(configuration, keys)))
    }

    /// Reads the certificates again, for the handshakes from now on; open connections, and the sessions that clients
    /// may resume, stay.
    ///
    /// - Parameter configuration: What takes the place of the present configuration; by default nothing does.
    /// - Throws: `TLSError` that says which file is wrong, and how; then nothing has changed.
    public func reload(_ configuration: TLSServerConfiguration? = nil) throws(TLSError) {
        let configuration = configuration ?? self.configuration
        let new = Current(configuration: configuration, state: try TLSServerState(configuration, keys))
        held.withLock { $0 = new }
    }

    /// What it works with.
    public var configuration: TLSServerConfiguration { held.withLock { $0.configuration } }

    /// What the certificates say of themselves, in their order.
    public var certificates: [TLSCertificateFacts] { current.facts }

    /// What an operator should look after.
    public var warnings: [TLSWarning] {
        let current = held.withLock { $0 }
        return current.state.warnings(now: current.configuration.currentTime())
    }

    /// Shakes hands with a client.
    ///
    /// - Parameter stream: The connection; closed on failure, except when `.tls(.plainHTTP)` is thrown.
    /// - Returns: The protected stream.
    /// - Throws: `.tls`, `.timedOut`, or what the stream throws.
    public func accept(_ stream: any ByteStream) async throws(TransportError) -> TLSStream {
        let current = held.withLock { $0 }
        let (state, timeout) = (current.state, current.configuration.handshakeTimeout)
        return try await withTaskExecutorPreference(stream.loop) { () async throws(TransportError) in
            guard stream.loop.inLoop else { throw .loopStopped(name: stream.loop.name) }
            let machine = try asTransport { () throws(TLSError) in try state.machine() }
            return try await TLSHandshake(machine: machine, stream: stream, timeout: timeout).run()
        }
    }

    var current: TLSServerState { held.withLock { $0.state } }
}
