import Logging
import Synchronization

extension HTTP2Connection {
    /// Sends the handler's response, and its body to the end.
    func respond(to stream: HTTP2Stream, _ response: HTTPResponse) async {
        guard !stream.isClosed, !stream.isAnswered else { return }
        var response = response
        if !response.headers.allSatisfy({ $0.name.isHTTPToken && $0.value.isHTTPValue }) {
            logger.error("invalid response header", ["stream": Int(stream.id), "status": response.status.rawValue])
            response = .problem(.internalServerError, "the server made a header field that cannot be sent")
        }
        switch response.body {
        case .bytes(let body):
            send(response, body, on: stream)
        case .stream(let produce):
            let hasBody = !stream.isHead && !response.status.hasNoBody
            sendHead(of: response, contentLength: nil, hasBody: hasBody, on: stream)
            if hasBody { await run(produce, on: stream) }
        case .webSocket:
            let refusal = HTTPResponse(.notImplemented)
            send(refusal, [], on: stream)
        }
    }

    /// Sends a whole response.
    func send(_ response: HTTPResponse, _ body: [UInt8], on stream: HTTP2Stream) {
        let hasBody = !stream.isHead && !response.status.hasNoBody && !body.isEmpty
        if hasBody {
            stream.output.append(body)
            stream.output.finish()
            setSendDeadline(stream)
        }
        let length = response.status.hasNoBody ? nil : body.count
        sendHead(of: response, contentLength: length, hasBody: hasBody, on: stream)
    }

    private func sendHead(of response: HTTPResponse, contentLength: Int?, hasBody: Bool, on stream: HTTP2Stream) {
        stream.isAnswered = true
        let head = HTTP2ResponseHead(
            status: response.status, date: HTTPDate.text(of: configuration.currentTime()),
            contentLength: contentLength, fields: response.headers.withoutConnectionFields)
        attempt { () throws(HTTP2SessionError) in try session.respond(stream, head, hasBody: hasBody) }
        planOutput()
    }

    /// Runs the body's closure until it returns or the stream is over.
    private func run(_ produce: @escaping @Sendable (HTTPBodyWriter) async throws -> Void, on stream: HTTP2Stream) async
    {
        let sink = HTTP2BodySink(self, stream)
        let task = Task(executorPreference: loop) { try await produce(HTTPBodyWriter(sink)) }
        stream.cancelProducer = { task.cancel() }
        let result = await withTaskCancellationHandler {
            await task.result
        } onCancel: {
            task.cancel()
        }
        guard loop.inLoop, !stream.isClosed else { return }
        stream.cancelProducer = nil
        switch result {
        case .success:
            stream.output.trailers = sink.trailers
            stream.output.finish()
            session.resume(stream)
        case .failure(let error):
            logger.debug("response broken off", ["remote": remoteAddress, "error": "\(error)"])
            attempt { () throws(HTTP2SessionError) in try session.reset(stream, .internalError) }
        }
        planOutput()
    }

    func didSendEnd(_ stream: HTTP2Stream) {
        // The client need not send what the response did not wait for (RFC 9113 §8.1).
        guard !stream.hasEnded else { return }
        attempt { () throws(HTTP2SessionError) in try session.reset(stream, .noError) }
    }
}

// MARK: - Streamed bodies

extension HTTP2Connection {
    /// Adds bytes to a response's body; the continuation is resumed when there is room for more.
    func write(_ bytes: [UInt8], to stream: HTTP2Stream, _ writer: HTTP2Writer) {
        guard !stream.isClosed, state != .closed else {
            writer.continuation.resume(returning: .failure(.closed))
            return
        }
        guard !writer.ticket.isCancelled.load(ordering: .acquiring) else {
            writer.continuation.resume(returning: .failure(.cancelled))
            return
        }
        stream.output.append(bytes)
        stream.sendDeadline = nil
        setSendDeadline(stream)
        session.resume(stream)
        planOutput()
        if stream.output.count <= Self.outputLimit {
            writer.continuation.resume(returning: .success(()))
        } else {
            stream.writers.append(writer)
        }
    }

    func cancelWrite(_ ticket: StreamTicket, to stream: HTTP2Stream) {
        guard let index = stream.writers.firstIndex(where: { $0.ticket === ticket }) else { return }
        stream.writers.remove(at: index).continuation.resume(returning: .failure(.cancelled))
    }

    func didDrain(_ stream: HTTP2Stream) {
        stream.sendDeadline = nil
        guard !stream.writers.isEmpty else { return }
        let writers = stream.writers
        stream.writers = []
        for writer in writers { writer.continuation.resume(returning: .success(())) }
    }

    func failWriters(of stream: HTTP2Stream, _ error: TransportError) {
        let writers = stream.writers
        stream.writers = []
        for writer in writers { writer.continuation.resume(returning: .failure(error)) }
    }

    /// How many bytes of a response's body may wait without holding its writer up.
    private static var outputLimit: Int { 65_536 }
}

extension HTTPFields {
    /// The fields without those of the connection and those the server sets (RFC 9113 §8.2.2).
    fileprivate var withoutConnectionFields: HTTPFields {
        guard contains(where: { Self.isOfConnection($0.name) }) else { return self }
        return HTTPFields(filter { !Self.isOfConnection($0.name) })
    }

    private static func isOfConnection(_ name: String) -> Bool {
        switch name.utf8.count {
        case 4: isEqual(name, "date")
        case 7: isEqual(name, "upgrade")
        case 10: isEqual(name, "connection") || isEqual(name, "keep-alive")
        case 14: isEqual(name, "content-length")
        case 16: isEqual(name, "proxy-connection")
        case 17: isEqual(name, "transfer-encoding")
        default: false
        }
    }
}
