/// Writes the body of a response piece by piece.
public struct HTTPBodyWriter: Sendable {
    private let stream: any ByteStream
    private let isChunked: Bool
    private let configuration: HTTPServerConfiguration

    init(_ stream: any ByteStream, isChunked: Bool, _ configuration: HTTPServerConfiguration) {
        self.stream = stream
        self.isChunked = isChunked
        self.configuration = configuration
    }

    /// Tells whether the server is shutting down, so that an endless body should come to its end.
    public var isDraining: Bool { stream.isDraining }

    /// Writes bytes and returns when the kernel has them, so a slow client slows the writer down.
    ///
    /// - Throws: `TransportError` when the client went away or takes the bytes too slowly.
    public func write(_ bytes: [UInt8]) async throws(TransportError) {
        // An empty chunk would be the last one.
        guard !bytes.isEmpty else { return }
        let time = configuration.allowedTime(forBytes: bytes.count)
        guard isChunked else { return try await stream.write(bytes, [], timeout: time) }
        var chunk = Array("\(String(bytes.count, radix: 16))\r\n".utf8)
        chunk.reserveCapacity(chunk.count + bytes.count + 2)
        chunk.append(contentsOf: bytes)
        chunk.append(0x0D)
        chunk.append(0x0A)
        try await stream.write(chunk, [], timeout: time)
    }

    /// Writes a text; see ``write(_:)-([UInt8])``.
    ///
    /// - Throws: `TransportError` when the client went away or takes the bytes too slowly.
    public func write(_ text: String) async throws(TransportError) {
        try await write(Array(text.utf8))
    }
}
