import Logging

extension HTTP2Connection {
    /// Tells the client to begin no more requests, in two steps, so that those on their way are served (RFC 9113 §6.8).
    func drain() {
        state = .draining
        attempt { () throws(HTTP2SessionError) in try session.announceEnd() }
        clock.setEnd(after: Self.drainTime)
        for stream in streams { if case .raw(let inbox) = stream.input { inbox.drain() } }
        planOutput()
    }

    func didReceivePong() {
        if state == .draining { refuseMore() }
    }

    /// The second step: what the client sent before it knew has come.
    private func refuseMore() {
        clock.end = nil
        attempt { () throws(HTTP2SessionError) in try session.refuseMore() }
        planOutput()
    }

    /// How long a client may take to say that it knows.
    private static var drainTime: Duration { .seconds(1) }

    /// Tells whether the connection can be closed as soon as nothing is to be written.
    var isReadyToEnd: Bool {
        switch state {
        case .open: session.isOver
        case .draining: clock.end == nil && session.isOver
        case .ending: !hasShutDown
        case .closed: false
        }
    }

    /// Serves nothing from now on.
    func beginEnding() {
        state = .ending
        clock.idle = nil
        clock.head = nil
        let streams = self.streams
        self.streams = []
        for stream in streams { close(stream) }
    }

    /// Ends the connection because of the session's error.
    func fail(_ error: HTTP2SessionError) {
        logger.debug("connection refused", ["remote": remoteAddress, "error": error.text])
        guard state < .ending else { return stream.close() }
        beginEnding()
        do throws(HTTP2SessionError) {
            try session.terminate(error.code)
        } catch {
            stream.close()
        }
        planOutput()
    }

    /// Ends the connection for good.
    func terminate(_ code: HTTP2ErrorCode) {
        attempt { () throws(HTTP2SessionError) in try session.terminate(code) }
        planOutput()
    }

    /// Reads on for a moment behind the last word: closing with unread bytes would reset the connection, and the client
    /// might never see it.
    func linger(_ count: Int) {
        lingerBudget -= count
        if lingerBudget < 0 { stream.close() }
    }
}

// MARK: - Time limits

extension HTTP2Connection {
    /// Gives the client this long to begin a request.
    func setIdleDeadline(_ time: Duration) {
        let deadline = clock.now + time.loopMilliseconds
        clock.idle = deadline
        clock.arm(for: deadline)
    }

    /// Gives the client as long for the body as it earns with what comes.
    func startReceiving(_ stream: HTTP2Stream) {
        stream.receiveStart = clock.now
        if let deadline = receiveDeadline(stream) { clock.arm(for: deadline) }
    }

    /// The application has taken everything, and waits for the client again.
    func resumeReceiving(_ stream: HTTP2Stream) {
        guard let pause = stream.receivePause, let start = stream.receiveStart else { return }
        stream.receivePause = nil
        stream.receiveStart = start + clock.now - pause
        if let deadline = receiveDeadline(stream) { clock.arm(for: deadline) }
    }

    private func receiveDeadline(_ stream: HTTP2Stream) -> Int64? {
        guard let start = stream.receiveStart, stream.receivePause == nil else { return nil }
        return start + configuration.allowedTime(forBytes: stream.received).loopMilliseconds
    }

    /// Gives the client as long for what waits as it earns with what it takes.
    func startSending(_ stream: HTTP2Stream) {
        stream.sendStart = clock.now
        stream.sent = 0
        if let deadline = sendDeadline(stream) { clock.arm(for: deadline) }
    }

    private func sendDeadline(_ stream: HTTP2Stream) -> Int64? {
        stream.sendStart.map { $0 + configuration.allowedTime(forBytes: stream.sent).loopMilliseconds }
    }

    /// Ends what has taken too long, and sets the timer for what comes next.
    func checkDeadlines() {
        clock.didFire()
        guard state < .closed else { return }
        let now = clock.now
        if let end = clock.end, end <= now {
            if state == .draining { refuseMore() } else { stream.close() }
        }
        if clock.head.map({ $0 <= now }) ?? false {
            terminate(.enhanceYourCalm)
        } else if clock.idle.map({ $0 <= now }) ?? false {
            terminate(.noError)
        }
        for stream in streams { checkDeadlines(of: stream, now) }
        let next = [clock.idle, clock.head, clock.end] + streams.flatMap { deadlines(of: $0) }
        if let next = next.compactMap({ $0 }).filter({ $0 > now }).min() { clock.arm(for: next) }
    }

    private func deadlines(of stream: HTTP2Stream) -> [Int64?] {
        var deadlines =
            [receiveDeadline(stream), sendDeadline(stream), stream.resetDeadline] + stream.writers.map(\.deadline)
        if case .raw(let inbox) = stream.input { deadlines.append(inbox.deadline) }
        return deadlines
    }

    private func checkDeadlines(of stream: HTTP2Stream, _ now: Int64) {
        let sendDeadlines = stream.writers.map(\.deadline) + [sendDeadline(stream)]
        if sendDeadlines.contains(where: { $0.map { $0 <= now } ?? false }) {
            logger.debug("response taken too slowly", ["remote": remoteAddress])
            stream.sendStart = nil
            answerWriters(of: stream, .failure(.timedOut(operation: "write")))
            reset(stream, .cancel)
        }
        if case .raw(let inbox) = stream.input { inbox.checkDeadline(now) }
        if let deadline = stream.resetDeadline, deadline <= now {
            stream.resetDeadline = nil
            reset(stream, .noError)
        }
        guard let deadline = receiveDeadline(stream), deadline <= now else { return }
        stream.receiveStart = nil
        if case .streamed(let reader, _) = stream.input {
            reader.fail(.tooSlow)
            stream.input = .discarded
        } else {
            refuse(stream, HTTPBodyError.tooSlow.refusal)
        }
    }
}
