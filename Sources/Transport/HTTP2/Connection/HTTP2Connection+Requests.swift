import Logging

extension HTTP2Connection: HTTP2SessionEvents {
    var headLimit: Int { configuration.headLimit }

    func willReceive(_ frame: HTTP2FrameHead) -> HTTP2ErrorCode? {
        framed += frame.length + 9
        switch frame.type {
        case HTTP2FrameHead.headers:
            return frame.id > lastStream ? nil : stateError(frame.id)
        case HTTP2FrameHead.continuation:
            return nil
        case HTTP2FrameHead.data where frame.length > 0:
            controls.give()
            return nil
        case HTTP2FrameHead.data where frame.flags & HTTP2FrameHead.endStream != 0:
            return nil
        case HTTP2FrameHead.priority where frame.id == 0:
            // nghttp2 looks at no priorities (RFC 9113 §6.3).
            return .protocolError
        case HTTP2FrameHead.reset:
            return resets.take(now: loop.now) ? nil : .enhanceYourCalm
        default:
            return controls.take(now: loop.now) ? nil : .enhanceYourCalm
        }
    }

    /// What is wrong with fields for a stream that is not new (RFC 9113 §5.1, §5.1.1); nghttp2, which forgets streams
    /// that are over, would ignore them.
    private func stateError(_ id: Int32) -> HTTP2ErrorCode? {
        // A trailer may have been on its way when this end gave the stream up.
        if id == 0 || session.stream(id) != nil || givenUp.contains(id) { return nil }
        let hasSkipped = streamCount < Int(lastStream + 1) / 2
        return hasSkipped ? .protocolError : .streamClosed
    }

    func didSpoil() {
        if !resets.take(now: loop.now) { terminate(.enhanceYourCalm) }
    }

    func openStream(_ id: Int32) -> HTTP2Stream {
        let stream = HTTP2Stream(id: id, position: streams.count)
        streams.append(stream)
        lastStream = id
        streamCount += 1
        clock.idle = nil
        clock.head = clock.now + configuration.headTimeout.loopMilliseconds
        return stream
    }

    func didReceiveFields(_ stream: HTTP2Stream, isTrailer: Bool) {
        clock.head = nil
        guard let block = stream.block else { return }
        if isTrailer {
            stream.trailers = block.size <= headLimit ? block.trailers : HTTPFields()
            return
        }
        do throws(HTTPRefusal) {
            guard block.size <= headLimit else {
                throw .status(.headerFieldsTooLarge, "the head of the request has more than \(headLimit) bytes")
            }
            let head = try block.request(from: remoteAddress, security)
            stream.request = HTTPRequest(head: head)
            if let name = block.protocol {
                try beginTunnel(stream, head, name)
            } else {
                try begin(stream, head)
            }
        } catch {
            refuse(stream, error)
        }
    }

    /// Begins with the request whose head has come.
    private func begin(_ stream: HTTP2Stream, _ head: HTTPRequestHead) throws(HTTPRefusal) {
        stream.isHead = head.method == .head
        let limit = handler.bodyLimit(for: head)
        if !stream.hasEnded {
            if let length = head.headers["content-length"].flatMap({ Int($0) }), length > limit {
                throw HTTPBodyError.tooLarge(limit: limit).refusal
            }
            startReceiving(stream)
        }
        try answerExpectation(stream, head)
        if handler.streamsBody(for: head) {
            let reader = reader(for: stream)
            stream.request?.bodyReader = reader
            stream.input = .streamed(reader, limit: limit)
            enqueue(stream)
        } else if stream.hasEnded {
            enqueue(stream)
        } else {
            stream.input = .collected(limit: limit)
        }
    }

    /// Presents an extended CONNECT (RFC 8441 §4) as what it is in HTTP/1.1.
    private func beginTunnel(_ stream: HTTP2Stream, _ head: HTTPRequestHead, _ name: String) throws(HTTPRefusal) {
        guard HTTPFields.isEqual(name, "websocket") else {
            throw .status(.notImplemented, "the only protocol of a CONNECT here is websocket")
        }
        var head = head
        head.becomeWebSocketHandshake()
        let id = stream.id
        stream.input = .raw(
            HTTP2Inbox(isDraining: self.stream.isDraining) { [weak self] in self?.didTake($0, of: id) })
        stream.request = HTTPRequest(head: head)
        enqueue(stream)
    }

    /// Asks for the body when the client waits for that (RFC 9110 §10.1.1).
    private func answerExpectation(_ stream: HTTP2Stream, _ head: HTTPRequestHead) throws(HTTPRefusal) {
        guard let expectation = head.headers["expect"] else { return }
        guard HTTPFields.isEqual(expectation, "100-continue") else {
            throw .status(.expectationFailed, "the only Expect here is 100-continue")
        }
        guard !stream.hasEnded else { return }
        attempt { () throws(HTTP2SessionError) in try session.inform(stream, HTTPStatus(rawValue: 100)) }
    }

    /// Answers what no handler was asked of, as it cannot be served, and reads the rest of it without looking.
    func refuse(_ stream: HTTP2Stream, _ refusal: HTTPRefusal) {
        guard case .status(let status, let detail) = refusal, !stream.isClosed else { return }
        logger.debug("request refused", ["remote": remoteAddress, "status": status.rawValue, "detail": detail])
        stream.input = .discarded
        stream.receiveStart = nil
        let head = stream.request?.head
        stream.request = nil
        guard !stream.isAnswered, case .bytes(let body) = HTTPResponse.problem(status, detail).body else { return }
        handler.didRefuse(
            HTTPRefusedRequest(
                head: head, remoteAddress: remoteAddress, status: status, detail: detail, bytes: body.count))
        send(HTTPResponse.problem(status, detail), body, on: stream)
    }
}

// MARK: - Bodies

extension HTTP2Connection {
    func didReceive(_ bytes: UnsafeRawBufferPointer, on stream: HTTP2Stream) {
        stream.received += bytes.count
        switch stream.input {
        case .collected(let limit):
            consume(bytes.count, of: stream)
            guard stream.received <= limit else { refuse(stream, HTTPBodyError.tooLarge(limit: limit).refusal); return }
            stream.request?.body.append(contentsOf: bytes)
        case .streamed(let reader, let limit):
            guard stream.received <= limit else {
                refund(bytes.count)
                reader.fail(.tooLarge(limit: limit))
                stream.input = .discarded
                stream.receiveStart = nil
                return
            }
            if stream.unconsumed == 0 { stream.receivePause = clock.now }
            stream.unconsumed += bytes.count
            reader.add(Array(bytes))
        case .raw(let inbox):
            stream.unconsumed += bytes.count
            inbox.add(bytes)
        case .discarded, .none:
            refund(bytes.count)
        }
    }

    func didReceiveEnd(_ stream: HTTP2Stream) {
        stream.receiveStart = nil
        switch stream.input {
        case .collected: enqueue(stream)
        case .streamed(let reader, _): reader.finish(trailers: stream.trailers)
        case .raw(let inbox): return inbox.finish(.success(nil))
        case .discarded, .none: break
        }
        stream.input = .none
    }

    /// Makes a reader that gives the client credit for what was read.
    private func reader(for stream: HTTP2Stream) -> HTTPBodyReader {
        let id = stream.id
        return HTTPBodyReader { [weak self] count in
            guard let self else { return }
            loop.perform { self.didTake(count, of: id) }
        }
    }

    private func didTake(_ count: Int, of id: Int32) {
        // One that is over has its credit.
        guard state < .ending, let stream = session.stream(id), !stream.isClosed, stream.unconsumed >= count
        else { return }
        stream.unconsumed -= count
        if stream.unconsumed == 0 { resumeReceiving(stream) }
        consume(count, of: stream)
        planOutput()
    }

    private func consume(_ count: Int, of stream: HTTP2Stream) {
        attempt { () throws(HTTP2SessionError) in try session.consume(count, of: stream) }
    }

    func didClose(_ stream: HTTP2Stream) {
        if !stream.hasEnded {
            if givenUp.count >= configuration.http2.maximalStreams { givenUp.removeFirst() }
            givenUp.append(stream.id)
        }
        close(stream)
        if streams[safe: stream.position] === stream, let last = streams.popLast(), last !== stream {
            streams[stream.position] = last
            last.position = stream.position
        }
        if streams.isEmpty { setIdleDeadline(configuration.idleTimeout) }
    }

    /// Lets go of what has not been read of the request, and of what still comes.
    func abandonInput(of stream: HTTP2Stream) {
        refund(stream.unconsumed)
        stream.unconsumed = 0
        stream.receiveStart = nil
        switch stream.input {
        case .streamed(let reader, _): reader.fail(.lost)
        // A stream of bytes whose both sides have ended is read to its end.
        case .raw(let inbox): inbox.finish(.failure(.closed))
        case .none, .collected, .discarded: break
        }
        stream.input = .discarded
    }

    /// Gives the other streams of the connection the credit of bytes that nobody takes.
    private func refund(_ count: Int) {
        guard count > 0, state < .ending else { return }
        attempt { () throws(HTTP2SessionError) in try session.consumeClosed(count) }
    }

    /// Ends everything that waits for the stream.
    func close(_ stream: HTTP2Stream) {
        guard !stream.isClosed else { return }
        stream.isClosed = true
        abandonInput(of: stream)
        stream.request = nil
        stream.output.removeAll()
        stream.cancelProducer?()
        stream.cancelProducer = nil
        answerWriters(of: stream, .failure(.closed))
    }
}

extension Array {
    fileprivate subscript(safe index: Int) -> Element? { indices.contains(index) ? self[index] : nil }
}
