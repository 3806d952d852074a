import Logging

/// Serves the requests of one connection, in their order.
///
/// Used on the stream's loop only.
final class HTTPServerConnection<Stream: ByteStream> {
    private let stream: Stream
    private let configuration: HTTPServerConfiguration
    private let handler: any HTTPHandler
    private let logger: Logger
    private let reader: HTTPRequestReader<Stream>
    private let context: HTTPLoopContext
    private var upgrade: (WebSocketUpgrade, received: [UInt8])?

    init(
        _ stream: Stream, _ configuration: HTTPServerConfiguration, _ handler: any HTTPHandler, _ logger: Logger,
        _ context: HTTPLoopContext, _ first: [UInt8] = []
    ) {
        self.stream = stream
        self.configuration = configuration
        self.handler = handler
        self.logger = logger
        self.context = context
        reader = HTTPRequestReader(stream, configuration, context, first)
    }

    /// Serves until the connection is done with HTTP; returns what it has become, if anything.
    nonisolated(nonsending) func run() async -> (WebSocketUpgrade, received: [UInt8])? {
        do throws(HTTPRefusal) {
            while let (head, framing) = try await reader.head() {
                guard try await serve(head, framing) else { return upgrade }
            }
        } catch {
            await end(with: error)
        }
        return nil
    }

    /// Serves one request; false when the connection is to be closed.
    private nonisolated(nonsending) func serve(_ head: HTTPRequestHead, _ framing: HTTPFraming)
        async throws(HTTPRefusal) -> Bool
    {
        var request = HTTPRequest(head: head)
        let awaitsContinue = try expectsContinue(head)
        let streamsBody = handler.streamsBody(for: head)
        guard framing != .length(0) || streamsBody else {
            return try await send(await handler.respond(to: request), to: head)
        }
        let limit = handler.bodyLimit(for: head)
        let feed = try HTTPBodyFeed(stream, reader, framing, limit: limit, awaitsContinue: awaitsContinue)
        if streamsBody {
            request.bodyReader = HTTPBodyReader(HTTPStreamedBody(feed, on: stream.loop))
            return try await serve(request, feed)
        }
        do throws(HTTPBodyError) {
            request.body = try await feed.whole()
        } catch {
            throw error.refusal
        }
        return try await send(await handler.respond(to: request), to: head)
    }

    /// Serves a request whose endpoint reads the body itself.
    private nonisolated(nonsending) func serve(
        _ request: HTTPRequest, _ feed: HTTPBodyFeed<Stream>
    ) async throws(HTTPRefusal) -> Bool {
        let response = await handler.respond(to: request)
        // Whatever the endpoint makes of it: the rest of the connection cannot be understood.
        if let failure = feed.failure { throw failure.refusal }
        let isKept = try await send(response, to: request.head, mayKeep: !feed.lacksMore(than: Self.droppedBytes))
        defer { feed.abandon() }
        if feed.isComplete { return isKept }
        guard feed.failure == nil else { return false }
        if isKept, await feed.dropRest(Self.droppedBytes) { return true }
        await endWriting()
        return false
    }

    /// How many bytes of a body that nobody asked for are read so that the connection can go on.
    private static var droppedBytes: Int { 65_536 }

    /// Tells whether the client waits to be asked for the body (RFC 9110 §10.1.1).
    private func expectsContinue(_ head: HTTPRequestHead) throws(HTTPRefusal) -> Bool {
        guard let expectation = head.headers["expect"], !head.isHTTP10 else { return false }
        guard HTTPFields.isEqual(expectation, "100-continue") else {
            throw .status(.expectationFailed, "the only Expect here is 100-continue")
        }
        return true
    }

    /// Says that nothing more comes, and gives the client time to see it.
    private nonisolated(nonsending) func endWriting() async {
        do throws(TransportError) {
            try await stream.shutdownWriting()
        } catch {
            logger.debug("connection lost", ["remote": stream.remoteAddress, "error": "\(error)"])
            return
        }
        await reader.linger()
    }

    /// Answers what cannot be served, as far as the client can still read it.
    private nonisolated(nonsending) func end(with refusal: HTTPRefusal) async {
        switch refusal {
        case .lost(let error):
            logger.debug("connection lost", ["remote": stream.remoteAddress, "error": "\(error)"])
        case .status(let status, let detail):
            logger.debug(
                "request refused", ["remote": stream.remoteAddress, "status": status.rawValue, "detail": detail])
            let response = HTTPResponse.problem(status, detail)
            guard case .bytes(let body) = response.body else { return }
            let head = HTTPResponseHead(response, bodyLength: body.count, keepsAlive: false, date: context.dateLine())
            do {
                try await write(head.bytes, body)
            } catch {
                logger.debug("connection lost", ["remote": stream.remoteAddress, "error": "\(error)"])
                return
            }
            await endWriting()
        }
    }
}

// MARK: - Responses

extension HTTPServerConnection {
    private nonisolated(nonsending) func send(
        _ response: HTTPResponse, to head: HTTPRequestHead, mayKeep: Bool = true
    ) async throws(HTTPRefusal) -> Bool {
        var response = response
        if !response.headers.canBeSent {
            logger.error("invalid response header", ["method": head.method, "status": response.status.rawValue])
            response = .problem(.internalServerError, "the server made a header field that cannot be sent")
        }
        let keepsAlive = mayKeep && !stream.isDraining && Self.wantsMore(head) && !Self.closes(response.headers)
        switch response.body {
        case .bytes(let body):
            let sendsBody = head.method != .head && !response.status.hasNoBody
            let responseHead = HTTPResponseHead(
                response, bodyLength: body.count, keepsAlive: keepsAlive, isHTTP10: head.isHTTP10,
                date: context.dateLine(), buffer: context.takeBuffer())
            try await write(responseHead.bytes, sendsBody ? body : [])
            context.giveBack(responseHead.bytes)
            return keepsAlive
        case .stream(let produce):
            return try await stream(response, produce, to: head, keepsAlive)
        case .webSocket(let upgrade):
            let responseHead = HTTPResponseHead(response, bodyLength: nil, keepsAlive: true, date: context.dateLine())
            try await write(responseHead.bytes, [])
            self.upgrade = (upgrade, reader.takeBuffered(.max) ?? [])
            return false
        }
    }

    private nonisolated(nonsending) func stream(
        _ response: HTTPResponse, _ produce: @escaping @Sendable (HTTPBodyWriter) async throws -> Void,
        to head: HTTPRequestHead, _ keepsAlive: Bool
    ) async throws(HTTPRefusal) -> Bool {
        let sendsBody = head.method != .head && !response.status.hasNoBody
        let length = response.streamLength
        // HTTP/1.0 knows no chunks: the end of the connection is the end of a body without a length.
        let keepsAlive = keepsAlive && (!head.isHTTP10 || !sendsBody || length != nil)
        let responseHead = HTTPResponseHead(
            response, bodyLength: length, keepsAlive: keepsAlive, isHTTP10: head.isHTTP10, date: context.dateLine())
        try await write(responseHead.bytes, [])
        guard sendsBody else { return keepsAlive }
        let isChunked = !head.isHTTP10 && length == nil
        let sink = HTTPChunkSink(stream, isChunked: isChunked, configuration)
        let isWhole = await run(MeasuredBody.checked(produce, length: length), HTTPBodyWriter(sink))
        guard isWhole else { return false }
        if isChunked { try await write(sink.ending, []) }
        return keepsAlive
    }

    /// Runs the body's closure until it returns or the client is gone; false when the body is not whole.
    private nonisolated(nonsending) func run(
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

    private nonisolated(nonsending) func write(_ first: [UInt8], _ second: [UInt8]) async throws(HTTPRefusal) {
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
