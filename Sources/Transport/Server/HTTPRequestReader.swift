/// Reads requests from a stream, one after the other; what came of the next ones stays in the buffer.
///
/// Used on the stream's loop only.
final class HTTPRequestReader<Stream: ByteStream> {
    let configuration: HTTPServerConfiguration
    private let stream: Stream
    private let parser = HTTPHeadParser()
    private var buffer: [UInt8] = []
    private var offset = 0
    private var isFirst = true

    /// Begins with bytes that were read already.
    init(_ stream: Stream, _ configuration: HTTPServerConfiguration, _ first: [UInt8] = []) {
        self.stream = stream
        self.configuration = configuration
        buffer = first
    }

    /// The next head and its framing, or nil when the client, or the server, is done.
    func head() async throws(HTTPRefusal) -> (HTTPRequestHead, HTTPFraming)? {
        guard try await waitForRequest() else { return nil }
        let deadline = Deadline(after: configuration.headTimeout)
        var scanner = HTTPHeadScanner(at: offset)
        while true {
            if let end = try scanner.scan(buffer) {
                guard end - offset <= configuration.headLimit else { throw tooLarge }
                return try parse(upTo: end)
            }
            guard buffer.count - offset <= configuration.headLimit else { throw tooLarge }
            guard let time = deadline.remaining, try await readMore(within: time) else {
                throw .status(.requestTimeout, "the head of the request did not come in time")
            }
        }
    }

    /// Reads on for a moment and throws away what comes: closing with unread bytes would reset the connection, and the
    /// client might never see the response.
    func linger() async {
        let deadline = Deadline(after: configuration.lingerTime)
        var budget = 1_048_576
        while budget > 0, let time = deadline.remaining {
            do throws(TransportError) {
                guard let bytes = try await stream.read(max: 65_536, timeout: time, endsWhenDraining: false) else {
                    return
                }
                budget -= bytes.count
            } catch {
                return
            }
        }
    }
}

// MARK: - The buffer

extension HTTPRequestReader {
    /// Tells whether bytes behind what was taken last have arrived.
    var hasBuffered: Bool { offset < buffer.count }

    /// Takes bytes that have arrived, at most `max`; nil when there are none.
    func takeBuffered(_ max: Int) -> [UInt8]? {
        guard hasBuffered else { return nil }
        if offset == 0, buffer.count <= max {
            // All of the buffer: it need not be copied.
            defer { buffer = [] }
            return buffer
        }
        let end = offset + min(max, buffer.count - offset)
        defer { offset = end }
        return Array(buffer[offset..<end])
    }

    /// Lends the bytes that have arrived, and takes as many as the body says.
    func useBuffered(
        _ body: (UnsafeBufferPointer<UInt8>) throws(HTTPRefusal) -> Int
    ) throws(HTTPRefusal) {
        offset += try buffer.withUnsafeBufferPointer { bytes throws(HTTPRefusal) in
            try body(UnsafeBufferPointer(rebasing: bytes[offset...]))
        }
    }

    /// Waits for more bytes; false when none came in time.
    func readMore(within time: Duration) async throws(HTTPRefusal) -> Bool {
        do throws(TransportError) {
            guard let bytes = try await stream.read(max: 65_536, timeout: time, endsWhenDraining: false) else {
                throw TransportError.closed
            }
            append(bytes)
            return true
        } catch .timedOut {
            return false
        } catch {
            throw .lost(error)
        }
    }

    private func append(_ bytes: [UInt8]) {
        if offset == buffer.count {
            // The scanner's offsets begin anew only between requests, when everything before was used.
            buffer = bytes
            offset = 0
        } else {
            buffer.append(contentsOf: bytes)
        }
    }
}

// MARK: - Heads

extension HTTPRequestReader {
    private var tooLarge: HTTPRefusal {
        .status(.headerFieldsTooLarge, "the head of the request has more than \(configuration.headLimit) bytes")
    }

    /// Waits for the first byte of a request; empty lines in front of it are skipped (RFC 9112 §2.2).
    private func waitForRequest() async throws(HTTPRefusal) -> Bool {
        let timeout = isFirst ? configuration.headTimeout : configuration.idleTimeout
        isFirst = false
        let deadline = Deadline(after: timeout)
        var emptyLines = 0
        while true {
            while buffer.count >= offset + 2, buffer[offset] == 0x0D, buffer[offset + 1] == 0x0A, emptyLines < 8 {
                offset += 2
                emptyLines += 1
            }
            if offset < buffer.count, buffer[offset] != 0x0D || buffer.count > offset + 1 { return true }
            guard let time = deadline.remaining else { return false }
            do throws(TransportError) {
                guard let bytes = try await stream.read(max: 65_536, timeout: time, endsWhenDraining: true) else {
                    return false
                }
                append(bytes)
            } catch .timedOut {
                return false
            } catch {
                throw .lost(error)
            }
        }
    }

    private func parse(upTo end: Int) throws(HTTPRefusal) -> (HTTPRequestHead, HTTPFraming) {
        let parsed = try buffer.withUnsafeBufferPointer { bytes throws(HTTPRefusal) in
            try parser.parse(UnsafeBufferPointer(rebasing: bytes[offset..<end]))
        }
        offset = end
        guard parsed.target.allSatisfy({ (0x21...0x7E).contains($0) }) else { throw .bad("the target is malformed") }
        for field in parsed.headers where !field.name.isHTTPToken || !field.value.isHTTPValue {
            throw .bad("a header field is malformed")
        }
        let hosts = parsed.headers.values("host")
        guard hosts.count == 1 || hosts.isEmpty && parsed.minorVersion == 0 else {
            throw .bad("the request needs one Host field")
        }
        let framing = try HTTPFraming(parsed.headers, minorVersion: parsed.minorVersion)
        do throws(HTTPTargetError) {
            let head = try HTTPRequestHead(
                method: parsed.method, target: String(decoding: parsed.target, as: UTF8.self), headers: parsed.headers,
                isHTTP10: parsed.minorVersion == 0, remoteAddress: stream.remoteAddress, security: stream.security)
            return (head, framing)
        } catch {
            throw .bad("the target of the request is malformed")
        }
    }
}
