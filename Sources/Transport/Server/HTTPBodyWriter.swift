/// Where the pieces of a response's body go: into chunks of HTTP/1.1, or frames of HTTP/2.
protocol HTTPBodySink: Sendable {
    /// Tells whether the server is shutting down.
    var isDraining: Bool { get }

    /// Writes bytes, at least one, and returns when there is room for more.
    func write(_ bytes: [UInt8]) async throws(TransportError)

    /// Keeps the fields that follow the body; sent when the body's closure returns.
    func setTrailers(_ trailers: HTTPFields)
}

/// Writes the body of a response piece by piece.
public struct HTTPBodyWriter: Sendable {
    private let sink: any HTTPBodySink

    init(_ sink: some HTTPBodySink) {
        self.sink = sink
    }

    /// Tells whether the server is shutting down, so that an endless body should come to its end.
    public var isDraining: Bool { sink.isDraining }

    /// Writes bytes and returns when the client can take more, so a slow client slows the writer down.
    ///
    /// - Throws: `TransportError` when the client went away or takes the bytes too slowly.
    public func write(_ bytes: [UInt8]) async throws(TransportError) {
        guard !bytes.isEmpty else { return }
        try await sink.write(bytes)
    }

    /// Writes a text; see ``write(_:)-([UInt8])``.
    ///
    /// - Throws: `TransportError` when the client went away or takes the bytes too slowly.
    public func write(_ text: String) async throws(TransportError) {
        try await write(Array(text.utf8))
    }

    /// Sends these fields behind the body (RFC 9110 §6.5), where the protocol of the connection can.
    public func setTrailers(_ trailers: HTTPFields) {
        sink.setTrailers(trailers)
    }
}
