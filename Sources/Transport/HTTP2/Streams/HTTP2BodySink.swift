import Synchronization

/// Writes a body into frames of HTTP/2, as far as the client gives credit.
final class HTTP2BodySink: HTTPBodySink {
    private let connection: HTTP2Connection
    private let stream: LoopBound<HTTP2Stream>
    private let lastFields = Mutex<HTTPFields?>(nil)

    init(_ connection: HTTP2Connection, _ stream: HTTP2Stream) {
        self.connection = connection
        self.stream = LoopBound(stream, to: connection.loop)
    }

    var isDraining: Bool { connection.stream.isDraining }

    func write(_ bytes: [UInt8]) async throws(TransportError) {
        try await connection.write(bytes, to: stream, timeout: nil)
    }

    func setTrailers(_ trailers: HTTPFields) {
        lastFields.withLock { $0 = trailers }
    }

    /// The fields that follow the body; one that cannot be sent is left out.
    var trailers: HTTPFields? {
        lastFields.withLock { $0 }.map { fields in
            HTTPFields(
                fields.filter {
                    $0.name.isHTTPToken && $0.value.isHTTPValue && !HTTPFields.isOfHTTP1($0.name)
                })
        }
    }
}
