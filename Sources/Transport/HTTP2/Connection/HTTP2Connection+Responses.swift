import Logging

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
            let length = response.status.hasNoBody ? nil : response.streamLength
            sendHead(of: response, contentLength: length, hasBody: hasBody, on: stream)
            if hasBody { await run(MeasuredBody.checked(produce, length: length), on: stream) }
        case .webSocket(let upgrade):
            await run(upgrade, response, on: stream)
        }
    }

    /// Lets the stream become a WebSocket (RFC 8441 §5).
    private func run(_ upgrade: WebSocketUpgrade, _ response: HTTPResponse, on stream: HTTP2Stream) async {
        guard case .raw(let inbox) = stream.input else {
            // Only an extended CONNECT is presented as a handshake, so this is none.
            return await respond(to: stream, .problem(.internalServerError, "no WebSocket was asked for"))
        }
        var response = response
        response.becomeConnectResponse()
        sendHead(of: response, contentLength: nil, hasBody: true, on: stream)
        await upgrade.serve(HTTP2StreamBytes(self, stream, inbox), received: [], logger)
    }

    /// Sends a whole response.
    func send(_ response: HTTPResponse, _ body: [UInt8], on stream: HTTP2Stream) {
        let hasBody = !stream.isHead && !response.status.hasNoBody && !body.isEmpty
        if hasBody {
            append(body, to: stream)
            finishOutput(of: stream)
        }
        let length = response.status.hasNoBody ? nil : body.count
        sendHead(of: response, contentLength: length, hasBody: hasBody, on: stream)
    }

    private func sendHead(of response: HTTPResponse, contentLength: Int?, hasBody: Bool, on stream: HTTP2Stream) {
        stream.isAnswered = true
        let head = HTTP2ResponseHead(
            status: response.status, date: currentDate(),
            contentLength: contentLength, fields: response.headers.withoutFieldsOfHTTP1)
        attempt { () throws(HTTP2SessionError) in try session.respond(stream, head, hasBody: hasBody) }
        planOutput()
    }

    /// The `Date` field, written anew once in a second at most.
    private func currentDate() -> String {
        let now = configuration.currentTime()
        if date.second != now { date = (now, HTTPDate.text(of: now)) }
        return date.text
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
            finishOutput(of: stream, trailers: sink.trailers)
        case .failure(let error):
            logger.debug("response broken off", ["remote": remoteAddress, "error": "\(error)"])
            reset(stream, .internalError)
        }
    }
}

extension HTTPFields {
    /// The fields without those of the connection and those the server sets (RFC 9113 §8.2.2).
    fileprivate var withoutFieldsOfHTTP1: HTTPFields {
        guard contains(where: { Self.isOfHTTP1($0.name) }) else { return self }
        return HTTPFields(filter { !Self.isOfHTTP1($0.name) })
    }

    /// Tells whether a field frames messages of HTTP/1.1, or is about its connections, or is set by the server.
    static func isOfHTTP1(_ name: String) -> Bool {
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
