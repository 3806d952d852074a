import Logging

// MARK: - Responses

extension HTTPServerConnection {
    nonisolated(nonsending) func send(
        _ response: HTTPResponse, to head: HTTPRequestHead, mayKeep: Bool = true
    ) async throws(HTTPRefusal) -> Bool {
        var response = response
        if case .webSocket = response.body {
        } else if !(200..<600).contains(response.status.rawValue) {
            context.logger.error("invalid response status", ["status": response.status.rawValue])
            response = .problem(.internalServerError, "the server made a status that cannot be sent")
        }
        if !response.headers.canBeSent {
            context.logger.error(
                "invalid response header", ["method": head.method, "status": response.status.rawValue])
            response = .problem(.internalServerError, "the server made a header field that cannot be sent")
        }
        let keepsAlive = mayKeep && !stream.isDraining && Self.wantsMore(head) && !Self.closes(response.headers)
        switch response.body {
        case .bytes(let body):
            let sendsBody = head.method != .head && !response.status.hasNoBody
            let responseHead = HTTPResponseHead(
                response, bodyLength: body.count, keepsAlive: keepsAlive, isHTTP10: head.isHTTP10,
                date: context.dateLine(), buffer: takeOutbound())
            try await finish(responseHead.bytes, sendsBody ? body : [], waits: keepsAlive && reader.hasBuffered)
            return keepsAlive
        case .stream(let produce):
            return try await stream(response, produce, to: head, keepsAlive)
        case .webSocket(let upgrade):
            try await become(upgrade, response)
            return false
        }
    }

    @inline(never)
    private nonisolated(nonsending) func become(
        _ upgrade: WebSocketUpgrade, _ response: HTTPResponse
    ) async throws(HTTPRefusal) {
        let responseHead = HTTPResponseHead(
            response, bodyLength: nil, keepsAlive: true, date: context.dateLine(), buffer: takeOutbound())
        try await write(responseHead.bytes, [])
        successor = HTTPSuccessor(upgrade, received: reader.takeBuffered(.max) ?? [])
    }

    @inline(never)
    private nonisolated(nonsending) func stream(
        _ response: HTTPResponse, _ produce: @escaping @Sendable (HTTPBodyWriter) async throws -> Void,
        to head: HTTPRequestHead, _ keepsAlive: Bool
    ) async throws(HTTPRefusal) -> Bool {
        let sendsBody = head.method != .head && !response.status.hasNoBody
        let length = response.streamLength
        // HTTP/1.0 knows no chunks: the end of the connection is the end of a body without a length.
        let keepsAlive = keepsAlive && (!head.isHTTP10 || !sendsBody || length != nil)
        let responseHead = HTTPResponseHead(
            response, bodyLength: length, keepsAlive: keepsAlive, isHTTP10: head.isHTTP10, date: context.dateLine(),
            buffer: takeOutbound())
        try await write(responseHead.bytes, [])
        guard sendsBody else { return keepsAlive }
        let isChunked = !head.isHTTP10 && length == nil
        let sink = HTTPChunkSink(stream, isChunked: isChunked, context.configuration)
        let isWhole = await run(MeasuredBody.checked(produce, length: length), HTTPBodyWriter(sink))
        guard isWhole else { return false }
        if isChunked { try await write(sink.ending, []) }
        return keepsAlive
    }

    /// Runs the body's closure until it returns or the client is gone; false when the body is not whole.
    @inline(never)
    private nonisolated(nonsending) func run(
        _ produce: @escaping @Sendable (HTTPBodyWriter) async throws -> Void, _ writer: HTTPBodyWriter
    ) async -> Bool {
        await withTaskGroup(of: Bool.self) { [stream, logger = context.logger] tasks in
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
