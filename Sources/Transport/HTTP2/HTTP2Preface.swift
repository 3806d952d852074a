import Logging

/// Tells the versions of HTTP apart by what a client sends first (RFC 9113 §3.4).
enum HTTP2Preface {
    /// Decides which version a connection speaks.
    ///
    /// - Returns: Whether it is HTTP/2, and the bytes that were read to find out; nil when the connection has ended.
    static func look(
        at stream: some ByteStream, _ configuration: HTTPServerConfiguration, _ logger: Logger
    ) async -> (isHTTP2: Bool, bytes: [UInt8])? {
        if let security = stream.security { return (security.applicationProtocol == "h2", []) }
        let deadline = Deadline(after: configuration.headTimeout)
        var bytes: [UInt8] = []
        while bytes.count < text.utf8.count, text.utf8.starts(with: bytes) {
            guard let time = deadline.remaining else { return bytes.isEmpty ? nil : (false, bytes) }
            do throws(TransportError) {
                let more = try await stream.read(max: 65_536, timeout: time, endsWhenDraining: bytes.isEmpty)
                guard let more else { return nil }
                bytes += more
            } catch .timedOut {
                return bytes.isEmpty ? nil : (false, bytes)
            } catch {
                logger.debug("connection lost", ["remote": stream.remoteAddress, "error": "\(error)"])
                return nil
            }
        }
        return (bytes.starts(with: text.utf8), bytes)
    }

    static var length: Int { 24 }

    private static var text: String { "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" }
}
