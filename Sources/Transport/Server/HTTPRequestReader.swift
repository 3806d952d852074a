/// Reads requests from a stream, one after the other; what came of the next ones stays in the buffer.
struct HTTPRequestReader<Stream: ByteStream> {
    private let stream: Stream
    private let configuration: HTTPServerConfiguration
    private let parser = HTTPParser()
    private var buffer: [UInt8] = []
    private var offset = 0
    private var isFirst = true

    init(_ stream: Stream, _ configuration: HTTPServerConfiguration) {
        self.stream = stream
        self.configuration = configuration
    }

    /// The next head and its framing, or nil when the client, or the server, is done.
    mutating func head() async throws(HTTPRefusal) -> (HTTPRequestHead, HTTPFraming)? {
        guard try await waitForRequest() else { return nil }
        let deadline = Deadline(after: configuration.headTimeout)
        var scanner = HTTPHeadScanner(at: offset)
        while true {
            if let end = try scanner.scan(buffer) {
                guard end - offset <= configuration.headLimit else { throw tooLarge }
                return try parse(upTo: end)
            }
            guard buffer.count - offset <= configuration.headLimit else { throw tooLarge }
            let bytes = try await read(
                deadline, whenLate: .requestTimeout, "the head of the request did not come in time")
            guard let bytes else { throw .lost(.closed) }
            append(bytes)
        }
    }

    /// The body of the request whose head was read last.
    mutating func body(_ framing: HTTPFraming, limit: Int) async throws(HTTPRefusal) -> [UInt8] {
        switch framing {
        case .length(0): []
        case .length(let length): try await body(length: length)
        case .chunked: try await chunkedBody(limit: limit)
        }
    }

    /// Tells whether bytes behind the last head have arrived.
    var hasBuffered: Bool { offset < buffer.count }

    /// Reads on for a moment and throws away what comes: closing with unread bytes would reset the connection, and the
    /// client might never see the response.
    mutating func linger() async {
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

// MARK: - Heads

extension HTTPRequestReader {
    private var tooLarge: HTTPRefusal {
        .status(.headerFieldsTooLarge, "the head of the request has more than \(configuration.headLimit) bytes")
    }

    /// Waits for the first byte of a request; empty lines in front of it are skipped (RFC 9112 §2.2).
    private mutating func waitForRequest() async throws(HTTPRefusal) -> Bool {
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

    private mutating func parse(upTo end: Int) throws(HTTPRefusal) -> (HTTPRequestHead, HTTPFraming) {
        let parsed = try buffer.withUnsafeBufferPointer { bytes throws(HTTPRefusal) in
            try parser.parseHead(UnsafeBufferPointer(rebasing: bytes[offset..<end]))
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

    private mutating func append(_ bytes: [UInt8]) {
        if offset == buffer.count {
            // The scanner's offsets begin anew only between requests, when everything before was used.
            buffer = bytes
            offset = 0
        } else {
            buffer.append(contentsOf: bytes)
        }
    }

    private func read(
        _ deadline: Deadline, whenLate status: HTTPStatus, _ detail: String
    ) async throws(HTTPRefusal) -> [UInt8]? {
        guard let time = deadline.remaining else { throw .status(status, detail) }
        do throws(TransportError) {
            return try await stream.read(max: 65_536, timeout: time, endsWhenDraining: false)
        } catch .timedOut {
            throw .status(status, detail)
        } catch {
            throw .lost(error)
        }
    }
}

// MARK: - Bodies

extension HTTPRequestReader {
    private mutating func body(length: Int) async throws(HTTPRefusal) -> [UInt8] {
        let start = Deadline.now
        var body: [UInt8] = []
        // Room as it is announced, but no more than a client pays for with a few bytes.
        body.reserveCapacity(min(length, 65_536))
        takeBuffered(length, onto: &body)
        while body.count < length {
            append(try await moreBody(since: start, received: body.count))
            takeBuffered(length - body.count, onto: &body)
        }
        return body
    }

    private mutating func takeBuffered(_ count: Int, onto body: inout [UInt8]) {
        let end = min(buffer.count, offset + count)
        if body.isEmpty, offset == 0, end == buffer.count {
            // The whole buffer is body: it need not be copied.
            swap(&body, &buffer)
            buffer = []
        } else {
            body.append(contentsOf: buffer[offset..<end])
            offset = end
        }
    }

    private mutating func chunkedBody(limit: Int) async throws(HTTPRefusal) -> [UInt8] {
        let start = Deadline.now
        var body: [UInt8] = []
        var raw = 0
        while true {
            let used = try buffer.withUnsafeBufferPointer { bytes throws(HTTPRefusal) in
                try parser.parseBody(UnsafeBufferPointer(rebasing: bytes[offset...]), onto: &body)
            }
            offset += used
            raw += used
            guard body.count <= limit else { throw Self.tooLarge(limit) }
            // Chunks of one byte each, and what may stand beside them, but no endless extensions or trailers.
            guard raw <= 16 * body.count + 16_384 else { throw .bad("the chunks carry more framing than content") }
            if parser.isComplete { return body }
            append(try await moreBody(since: start, received: body.count))
        }
    }

    private func moreBody(since start: Deadline, received: Int) async throws(HTTPRefusal) -> [UInt8] {
        let deadline = start.adding(configuration.allowedTime(forBytes: received))
        let bytes = try await read(deadline, whenLate: .requestTimeout, "the body of the request came too slowly")
        guard let bytes else { throw .lost(.closed) }
        return bytes
    }

    static func tooLarge(_ limit: Int) -> HTTPRefusal {
        .status(.contentTooLarge, "the body of the request has more than \(limit) bytes")
    }
}
