public import Logging

/// Stands behind a listener, before TLS, and learns from the proxies in front who their clients are.
///
/// ```swift
/// await listener.run { connection in
///     guard let stream = await gate.open(connection) else { return }
///     await server.serve(stream)
/// }
/// ```
public struct ProxyProtocolGate: Sendable {
    private let configuration: ProxyProtocolConfiguration
    private let logger: Logger

    /// Creates a gate; faults are written to the log.
    public init(_ configuration: ProxyProtocolConfiguration, logger: Logger) {
        self.configuration = configuration
        self.logger = logger
    }

    /// Reads the header of a connection that a proxy made, and nothing of any other.
    ///
    /// - Returns: The stream with the client's address, or nil after it was closed for want of a header.
    public func open<Stream: ByteStream>(_ stream: Stream) async -> ProxiedStream<Stream>? {
        guard configuration.proxies.contains(stream.remoteAddress) else { return ProxiedStream(stream, .local) }
        do throws(ProxyHeaderError) {
            return ProxiedStream(stream, try await read(stream))
        } catch .lost(.closed) {
            // A proxy that only looks whether somebody listens.
            logger.debug("connection lost", ["remote": stream.remoteAddress])
            stream.close()
            return nil
        } catch {
            logger.warning("proxy refused", ["remote": stream.remoteAddress, "error": error])
            stream.close()
            return nil
        }
    }

    private func read(_ stream: some ByteStream) async throws(ProxyHeaderError) -> ProxyHeader {
        let deadline = Deadline(after: configuration.timeout)
        var bytes: [UInt8] = []
        while true {
            switch try ProxyHeader.read(bytes) {
            case .complete(let header): return header
            case .needs(let count):
                guard let time = deadline.remaining else { throw .lost(.timedOut(operation: "reading it")) }
                do throws(TransportError) {
                    // No more than the header: what follows stays where TLS or HTTP will look for it.
                    let more = try await stream.read(max: count, timeout: time, endsWhenDraining: true)
                    guard let more else { throw TransportError.closed }
                    bytes += more
                } catch {
                    throw .lost(error)
                }
            }
        }
    }
}
