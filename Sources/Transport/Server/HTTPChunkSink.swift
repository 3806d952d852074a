import Synchronization

/// Writes a body into chunks of HTTP/1.1 (RFC 9112 §7.1), or bare for HTTP/1.0.
final class HTTPChunkSink: HTTPBodySink {
    private let stream: any ByteStream
    private let isChunked: Bool
    private let configuration: HTTPServerConfiguration
    private let trailers = Mutex(HTTPFields())

    init(_ stream: any ByteStream, isChunked: Bool, _ configuration: HTTPServerConfiguration) {
        self.stream = stream
        self.isChunked = isChunked
        self.configuration = configuration
    }

    var isDraining: Bool { stream.isDraining }

    func write(_ bytes: [UInt8]) async throws(TransportError) {
        let time = configuration.allowedTime(forBytes: bytes.count)
        guard isChunked else { return try await stream.write(bytes, [], timeout: time) }
        var chunk = Array("\(String(bytes.count, radix: 16))\r\n".utf8)
        chunk.reserveCapacity(chunk.count + bytes.count + 2)
        chunk.append(contentsOf: bytes)
        chunk.append(0x0D)
        chunk.append(0x0A)
        try await stream.write(chunk, [], timeout: time)
    }

    func setTrailers(_ trailers: HTTPFields) {
        self.trailers.withLock { $0 = trailers }
    }

    /// The last chunk with the trailer fields behind it; nothing where there are no chunks.
    ///
    /// A field that cannot be sent is left out.
    var ending: [UInt8] {
        guard isChunked else { return [] }
        var text = "0\r\n"
        for field in trailers.withLock({ $0 }) where field.name.isHTTPToken && field.value.isHTTPValue {
            text += "\(field.name): \(field.value)\r\n"
        }
        return Array((text + "\r\n").utf8)
    }
}
