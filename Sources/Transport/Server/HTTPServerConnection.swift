import Logging

/// Serves the requests of one connection, in their order.
///
/// Used on the stream's loop only.
final class HTTPServerConnection<Stream: ByteStream> {
    let stream: Stream
    let reader: HTTPRequestReader<Stream>
    let context: HTTPLoopContext
    /// What the connection has become.
    var successor: HTTPSuccessor?
    /// Answers that wait for those of the requests behind them, to be written together.
    var outbound: [UInt8] = []
    var writesLater = false
    private var servedAtOnce = 0
    /// The request of which no handler has heard yet.
    private var unasked: HTTPRequestHead?
    private var wasAsked = false

    init(_ stream: Stream, _ context: HTTPLoopContext, _ first: [UInt8] = []) {
        self.stream = stream
        self.context = context
        reader = HTTPRequestReader(stream, context, first)
    }

    /// Serves until the connection is done with HTTP; returns what it has become, if anything.
    nonisolated(nonsending) func run() async -> HTTPSuccessor? {
        do throws(HTTPRefusal) {
            while true {
                guard let (head, framing) = try await nextHead() else { return nil }
                guard try await serve(head, framing) else { return successor }
                wasAsked = false
            }
        } catch {
            await end(with: error)
        }
        return nil
    }

    /// The next request; what was answered is out before the connection waits for it.
    private nonisolated(nonsending) func nextHead() async throws(HTTPRefusal) -> (HTTPRequestHead, HTTPFraming)? {
        if let next = try reader.bufferedHead() {
            servedAtOnce += 1
            // Whoever sends many at once takes turns with the other connections.
            if servedAtOnce % Self.requestsPerTurn == 0 { await stream.loop.nextTurn() }
            return next
        }
        servedAtOnce = 0
        if !outbound.isEmpty { try await flush() }
        return try await reader.head()
    }

    private static var requestsPerTurn: Int { 4 }

    /// Serves one request; false when the connection is to be closed.
    private nonisolated(nonsending) func serve(
        _ head: HTTPRequestHead, _ framing: HTTPFraming
    ) async throws(HTTPRefusal) -> Bool {
        guard framing == .length(0), !head.headers.contains("expect"), !context.handler.streamsBody(for: head) else {
            return try await serveWithBody(head, framing)
        }
        return try await send(await context.handler.respond(to: HTTPRequest(head: head)), to: head)
    }

    /// Serves a request with a body.
    ///
    /// What most requests do not need stays out of line: a task keeps the memory of its largest frames.
    @inline(never)
    private nonisolated(nonsending) func serveWithBody(
        _ head: HTTPRequestHead, _ framing: HTTPFraming
    ) async throws(HTTPRefusal) -> Bool {
        unasked = head
        var request = HTTPRequest(head: head)
        let limit = context.handler.bodyLimit(for: head)
        let feed = try HTTPBodyFeed(stream, reader, framing, limit: limit, awaitsContinue: try expectsContinue(head))
        if context.handler.streamsBody(for: head) {
            request.bodyReader = HTTPBodyReader(HTTPStreamedBody(feed, on: stream.loop))
            return try await serve(request, feed)
        }
        do throws(HTTPBodyError) {
            request.body = try await feed.whole()
        } catch {
            throw error.refusal
        }
        unasked = nil
        return try await send(await context.handler.respond(to: request), to: head)
    }

    /// Serves a request whose endpoint reads the body itself.
    @inline(never)
    private nonisolated(nonsending) func serve(
        _ request: HTTPRequest, _ feed: HTTPBodyFeed<Stream>
    ) async throws(HTTPRefusal) -> Bool {
        unasked = nil
        wasAsked = true
        let response = await context.handler.respond(to: request)
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
    @inline(never)
    private nonisolated(nonsending) func endWriting() async {
        do {
            if !outbound.isEmpty { try await flush() }
            try await stream.shutdownWriting()
        } catch {
            context.logger.debug("connection lost", ["remote": stream.remoteAddress, "error": "\(error)"])
            return
        }
        await reader.linger()
    }

    /// Answers what cannot be served, as far as the client can still read it.
    @inline(never)
    private nonisolated(nonsending) func end(with refusal: HTTPRefusal) async {
        switch refusal {
        case .lost(let error):
            context.logger.debug("connection lost", ["remote": stream.remoteAddress, "error": "\(error)"])
        case .status(let status, let detail):
            context.logger.debug(
                "request refused", ["remote": stream.remoteAddress, "status": status.rawValue, "detail": detail])
            let response = HTTPResponse.problem(status, detail)
            guard case .bytes(let body) = response.body else { return }
            if !wasAsked {
                context.handler.didRefuse(
                    HTTPRefusedRequest(
                        head: unasked, remoteAddress: stream.remoteAddress, status: status, detail: detail,
                        bytes: body.count))
            }
            let head = HTTPResponseHead(
                response, bodyLength: body.count, keepsAlive: false, date: context.dateLine(), buffer: takeOutbound())
            do {
                try await write(head.bytes, body)
            } catch {
                context.logger.debug("connection lost", ["remote": stream.remoteAddress, "error": "\(error)"])
                return
            }
            await endWriting()
        }
    }
}

/// What a connection becomes when it is done with HTTP.
final class HTTPSuccessor {
    let upgrade: WebSocketUpgrade
    /// What has come behind the request.
    let received: [UInt8]

    init(_ upgrade: WebSocketUpgrade, received: [UInt8]) {
        self.upgrade = upgrade
        self.received = received
    }
}
