/// Reads requests from a stream, one after the other; what came of the next ones stays in the buffer.
///
/// Used on the stream's loop only.
final class HTTPRequestReader<Stream: ByteStream> {
    private let stream: Stream
    private let context: HTTPLoopContext
    private var buffer: [UInt8] = []
    private var offset = 0
    private var isFirst = true
    /// Where the search for the head's end is; nil while no byte of a head has come.
    private var scanner: HTTPHeadScanner?
    private var emptyLines = 0
    /// Set with the second read that a head needs: most need one, and the clock is not asked for them.
    private var deadline: Deadline?

    var configuration: HTTPServerConfiguration { context.configuration }

    /// Begins with bytes that were read already.
    init(
        _ stream: Stream, _ context: HTTPLoopContext, _ first: [UInt8] = []
    ) {
        self.stream = stream
        self.context = context
        buffer = first
    }

    /// The next head and its framing, or nil when the client, or the server, is done.
    nonisolated(nonsending) func head() async throws(HTTPRefusal) -> (HTTPRequestHead, HTTPFraming)? {
        while true {
            if let head = try bufferedHead() { return head }
            guard try await readForHead() else { return nil }
        }
    }

    /// The next head if it has come whole.
    func bufferedHead() throws(HTTPRefusal) -> (HTTPRequestHead, HTTPFraming)? {
        guard hasBegun() else { return nil }
        if let end = try scanner?.scan(buffer) {
            guard end - offset <= configuration.headLimit else { throw tooLarge }
            scanner = nil
            deadline = nil
            emptyLines = 0
            isFirst = false
            return try parse(upTo: end)
        }
        guard buffer.count - offset <= configuration.headLimit else { throw tooLarge }
        return nil
    }

    /// Reads on for a moment and throws away what comes: closing with unread bytes would reset the connection, and the
    /// client might never see the response.
    @inline(never)
    nonisolated(nonsending) func linger() async {
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

    /// Waits for more bytes of a body; false when none came in time.
    @inline(never)
    nonisolated(nonsending) func readMore(within time: Duration) async throws(HTTPRefusal) -> Bool {
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

    private func dropBuffer() {
        buffer = []
        offset = 0
    }

    private func append(_ bytes: [UInt8]) {
        if hasBuffered {
            // What was used goes, or the buffer of who sends without end would have no end either.
            buffer.removeFirst(offset)
            scanner?.move(by: -offset)
            buffer.append(contentsOf: bytes)
        } else {
            buffer = bytes
        }
        offset = 0
    }
}

// MARK: - Waiting for heads

extension HTTPRequestReader {
    private var tooLarge: HTTPRefusal {
        .status(.headerFieldsTooLarge, "the head of the request has more than \(configuration.headLimit) bytes")
    }

    private static var late: HTTPRefusal {
        .status(.requestTimeout, "the head of the request did not come in time")
    }

    /// Tells whether a byte of the next head is there; empty lines in front of it are skipped (RFC 9112 §2.2).
    private func hasBegun() -> Bool {
        guard scanner == nil else { return true }
        while buffer.count >= offset + 2, buffer[offset] == 0x0D, buffer[offset + 1] == 0x0A, emptyLines < 8 {
            offset += 2
            emptyLines += 1
        }
        guard offset < buffer.count, buffer[offset] != 0x0D || buffer.count > offset + 1 else { return false }
        scanner = HTTPHeadScanner(at: offset)
        deadline = nil
        return true
    }

    /// Reads more of the head under way, or waits for one; false when the connection may end here.
    private nonisolated(nonsending) func readForHead() async throws(HTTPRefusal) -> Bool {
        let hasBegun = scanner != nil
        let whole = hasBegun || isFirst ? configuration.headTimeout : configuration.idleTimeout
        if deadline == nil, hasBegun || hasBuffered || emptyLines > 0 { deadline = Deadline(after: whole) }
        // A connection that waits for its next request holds no memory for it.
        if !hasBuffered { dropBuffer() }
        do throws(TransportError) {
            let time = deadline.map { $0.remaining ?? .zero } ?? whole
            guard time > .zero else { throw TransportError.timedOut(operation: "read") }
            guard
                let bytes = try await stream.readUntilClosed(
                    max: 65_536, timeout: time, endsWhenDraining: !hasBegun)
            else {
                if hasBegun { throw TransportError.closed }
                return false
            }
            append(bytes)
            return true
        } catch .timedOut {
            if hasBegun { throw Self.late }
            return false
        } catch {
            throw .lost(error)
        }
    }
}

// MARK: - Judging heads

extension HTTPRequestReader {
    private func parse(upTo end: Int) throws(HTTPRefusal) -> (HTTPRequestHead, HTTPFraming) {
        let result = try buffer.withUnsafeBufferPointer { bytes throws(HTTPRefusal) in
            try parse(UnsafeBufferPointer(rebasing: bytes[offset..<end]))
        }
        offset = end
        return result
    }

    private func parse(_ bytes: UnsafeBufferPointer<UInt8>) throws(HTTPRefusal) -> (HTTPRequestHead, HTTPFraming) {
        // llhttp takes several.
        let line = bytes.prefix { $0 != 0x0D }
        guard line.count(where: { $0 == 0x20 }) == 2 else { throw .bad("the request line needs two single spaces") }
        let parsed = try context.parser.parse(bytes)
        let target = UnsafeBufferPointer(rebasing: bytes[parsed.target])
        guard target.allSatisfy({ (0x21...0x7E).contains($0) }) else { throw .bad("the target is malformed") }
        try parsed.headers.forEachBytes { name, _ throws(HTTPRefusal) in
            guard !name.isEmpty, name.allSatisfy(\.isHTTPToken) else { throw .bad("a header field is malformed") }
        }
        try checkHost(parsed, target)
        let framing = try HTTPFraming(parsed.headers, minorVersion: parsed.minorVersion)
        do throws(HTTPTargetError) {
            let head = HTTPRequestHead(
                method: parsed.method, target: String(decoding: target, as: UTF8.self),
                segments: try HTTPTarget.segments(of: target), headers: parsed.headers,
                version: parsed.minorVersion == 0 ? .http10 : .http11, remoteAddress: stream.remoteAddress,
                security: stream.security)
            return (head, framing)
        } catch {
            throw .bad("the target of the request is malformed")
        }
    }

    /// One host, and the one that the target names if it names one: whoever looks at the other would be misled
    /// (RFC 9112 §3.2).
    private func checkHost(
        _ head: HTTPHeadParser.Head, _ target: UnsafeBufferPointer<UInt8>
    ) throws(HTTPRefusal) {
        let hosts = head.headers.count(of: "host")
        guard hosts == 1 || hosts == 0 && head.minorVersion == 0 else { throw .bad("the request needs one Host field") }
        let isValid = head.headers.withFirst("host", HTTPAuthority.isValid)
        guard isValid ?? true else { throw .bad("the Host field is malformed") }
        if target.count == 1, target[0] == UInt8(ascii: "*"), head.method != .options {
            throw .bad("the target * is for OPTIONS alone")
        }
        guard let scheme = HTTPTarget.schemeLength(of: target) else { return }
        let authority = target[scheme...].prefix { $0 != UInt8(ascii: "/") && $0 != UInt8(ascii: "?") }
        guard HTTPAuthority.isValid(authority) else { throw .bad("the target names no proper host") }
        let isSame = head.headers.withFirst("host") { host in
            host.count == authority.count && zip(host, authority).allSatisfy { $0.asciiLowercase == $1.asciiLowercase }
        }
        guard isSame ?? true else { throw .bad("target and Host field name different hosts") }
    }
}
