import Logging

/// Serves the requests of one connection, in their order.
struct HTTPServerConnection<Stream: ByteStream> {
    private let stream: Stream
    private let configuration: HTTPServerConfiguration
    private let handler: any HTTPHandler
    private let logger: Logger
    private var reader: HTTPRequestReader<Stream>
    private var date: HTTPDate

    init(
        _ stream: Stream, _ configuration: HTTPServerConfiguration, _ handler: any HTTPHandler, _ logger: Logger
    ) {
        self.stream = stream
        self.configuration = configuration
        self.handler = handler
        self.logger = logger
        reader = HTTPRequestReader(stream, configuration)
        date = HTTPDate(configuration.currentTime)
    }

    mutating func run() async {
        do throws(HTTPRefusal) {
            while let (head, framing) = try await reader.head() {
                guard try await serve(head, framing) else { return }
            }
        } catch {
            await end(with: error)
        }
    }

    /// Serves one request; false when the connection is to be closed.
    private mutating func serve(_ head: HTTPRequestHead, _ framing: HTTPFraming) async throws(HTTPRefusal) -> Bool {
        let limit = handler.bodyLimit(for: head)
        if case .length(let length) = framing, length > limit { throw HTTPRequestReader<Stream>.tooLarge(limit) }
        try await answerExpectation(head, framing)
        let body = try await reader.body(framing, limit: limit)
        let response = await handler.respond(to: HTTPRequest(head: head, body: body))
        return try await send(response, to: head)
    }

    /// Asks for the body when the client waits for that (RFC 9110 §10.1.1).
    private func answerExpectation(_ head: HTTPRequestHead, _ framing: HTTPFraming) async throws(HTTPRefusal) {
        guard let expectation = head.headers["expect"], !head.isHTTP10 else { return }
        guard HTTPFields.isEqual(expectation, "100-continue") else {
            throw .status(.expectationFailed, "the only Expect here is 100-continue")
        }
        guard framing != .length(0), !reader.hasBuffered else { return }
        try await write(Self.continueLine, [])
    }

    private static var continueLine: [UInt8] { Array("HTTP/1.1 100 Continue\r\n\r\n".utf8) }

    /// Answers what cannot be served, as far as the client can still read it.
    private mutating func end(with refusal: HTTPRefusal) async {
        switch refusal {
        case .lost(let error):
            logger.debug("connection lost", ["remote": stream.remoteAddress, "error": "\(error)"])
        case .status(let status, let detail):
            logger.debug(
                "request refused", ["remote": stream.remoteAddress, "status": status.rawValue, "detail": detail])
            let response = HTTPResponse.problem(status, detail)
            guard case .bytes(let body) = response.body else { return }
            let head = HTTPResponseHead(response, bodyLength: body.count, keepsAlive: false, date: date.line())
            do {
                try await write(head.bytes, body)
                try await stream.shutdownWriting()
            } catch {
                logger.debug("connection lost", ["remote": stream.remoteAddress, "error": "\(error)"])
                return
            }
            await reader.linger()
        }
    }
}

// MARK: - Responses

extension HTTPServerConnection {
    private mutating func send(_ response: HTTPResponse, to head: HTTPRequestHead) async throws(HTTPRefusal) -> Bool {
        var response = response
        if !response.headers.allSatisfy({ $0.name.isHTTPToken && $0.value.isHTTPValue }) {
            logger.error("invalid response header", ["method": head.method, "status": response.status.rawValue])
            response = .problem(.internalServerError, "the server made a header field that cannot be sent")
        }
        let keepsAlive = !stream.isDraining && Self.wantsMore(head) && !Self.closes(response.headers)
        switch response.body {
        case .bytes(let body):
            let sendsBody = head.method != .head && !response.status.hasNoBody
            let responseHead = HTTPResponseHead(
                response, bodyLength: body.count, keepsAlive: keepsAlive, isHTTP10: head.isHTTP10, date: date.line())
            try await write(responseHead.bytes, sendsBody ? body : [])
            return keepsAlive
        case .stream(let produce):
            return try await stream(response, produce, to: head, keepsAlive)
        }
    }

    private mutating func stream(
        _ response: HTTPResponse, _ produce: @escaping @Sendable (HTTPBodyWriter) async throws -> Void,
        to head: HTTPRequestHead, _ keepsAlive: Bool
    ) async throws(HTTPRefusal) -> Bool {
        let sendsBody = head.method != .head && !response.status.hasNoBody
        // HTTP/1.0 knows no chunks: the end of the connection is the end of the body.
        let keepsAlive = keepsAlive && (!head.isHTTP10 || !sendsBody)
        let responseHead = HTTPResponseHead(
            response, bodyLength: nil, keepsAlive: keepsAlive, isHTTP10: head.isHTTP10, date: date.line())
        try await write(responseHead.bytes, [])
        guard sendsBody else { return keepsAlive }
        let sink = HTTPChunkSink(stream, isChunked: !head.isHTTP10, configuration)
        let isWhole = await run(produce, HTTPBodyWriter(sink))
        guard isWhole else { return false }
        if !head.isHTTP10 { try await write(sink.ending, []) }
        return keepsAlive
    }

    /// Runs the body's closure until it returns or the client is gone; false when the body is not whole.
    private func run(
        _ produce: @escaping @Sendable (HTTPBodyWriter) async throws -> Void, _ writer: HTTPBodyWriter
    ) async -> Bool {
        await withTaskGroup(of: Bool.self) { [stream, logger] tasks in
            tasks.addTask {
                do {
                    try await produce(writer)
                    return true
                } catch {
                    logger.debug("response broken off", ["remote": stream.remoteAddress, "error": "\(error)"])
                    return false
                }
            }
            tasks.addTask {
                await stream.waitForEnd()
                return false
            }
            let isWhole = await tasks.next() ?? false
            tasks.cancelAll()
            return isWhole
        }
    }

    private func write(_ first: [UInt8], _ second: [UInt8]) async throws(HTTPRefusal) {
        do throws(TransportError) {
            try await stream.write(
                first, second, timeout: configuration.allowedTime(forBytes: first.count + second.count))
        } catch {
            throw .lost(error)
        }
    }

    /// Tells whether the client wants to keep the connection (RFC 9112 §9.3).
    private static func wantsMore(_ head: HTTPRequestHead) -> Bool {
        guard head.headers.contains("connection") else { return !head.isHTTP10 }
        let options = head.headers.list("connection")
        if options.contains(where: { HTTPFields.isEqual($0, "close") }) { return false }
        return !head.isHTTP10 || options.contains { HTTPFields.isEqual($0, "keep-alive") }
    }

    private static func closes(_ headers: HTTPFields) -> Bool {
        headers.list("connection").contains { HTTPFields.isEqual($0, "close") }
    }
}
