/// Reads a WebSocket: hands messages over one by one, answers pings and closing, and asks a silent end whether it is
/// there.
struct WebSocketPump {
    private let socket: WebSocket
    private let reader = WebSocketFrameReader()
    private var assembler: WebSocketAssembler
    private var flood: WebSocketFloodGuard
    private var isPingUnanswered = false
    private var closeDeadline: Deadline?

    private init(_ socket: WebSocket, received: [UInt8]) {
        self.socket = socket
        assembler = WebSocketAssembler(
            isServer: socket.isServer, limit: socket.configuration.messageLimit, deflate: socket.deflate)
        flood = WebSocketFloodGuard(limit: socket.configuration.controlLimit)
        reader.add(received)
    }

    /// Runs a WebSocket to its end beside what talks to it, which is cancelled then and waited for, and closes the
    /// stream; `received` came behind the handshake.
    static func run(
        _ socket: WebSocket, received: [UInt8], _ talk: @escaping @Sendable (WebSocket) async -> Void
    ) async {
        await withTaskGroup(of: Void.self) { tasks in
            tasks.addTask { await talk(socket) }
            await read(socket, received: received)
            tasks.cancelAll()
        }
    }

    /// Reads a WebSocket to its end, and closes the stream.
    static func read(_ socket: WebSocket, received: [UInt8]) async {
        var pump = WebSocketPump(socket, received: received)
        do throws(WebSocketStop) {
            try await pump.readUntilClosed()
            socket.inbox.finish(.success(nil))
            await pump.leave(waits: !socket.isServer)
        } catch {
            await pump.stop(error)
        }
        socket.stream.close()
    }
}

/// Why a WebSocket ends before both ends have closed it.
enum WebSocketStop: Error {
    case violation(WebSocketViolation)
    case failed(WebSocketError)
}

// MARK: - Frames

extension WebSocketPump {
    private mutating func readUntilClosed() async throws(WebSocketStop) {
        while true {
            while let piece = try peek() {
                if WebSocketAssembler.isData(piece) { await socket.inbox.waitForRoom() }
                guard let event = try take(piece) else { continue }
                if try await handle(event) { return }
            }
            try await readMore()
        }
    }

    private func peek() throws(WebSocketStop) -> WebSocketFramePiece? {
        do throws(WebSocketViolation) {
            return try reader.peek()
        } catch {
            throw .violation(error)
        }
    }

    private mutating func take(_ piece: WebSocketFramePiece) throws(WebSocketStop) -> WebSocketAssembler.Event? {
        do throws(WebSocketViolation) {
            if piece.isStart, piece.opcode & 8 != 0 || piece.length == 0 && !piece.isFinal { try flood.count() }
            defer { reader.consume() }
            return try assembler.take(piece)
        } catch {
            throw .violation(error)
        }
    }

    /// Gives the application time to answer what has come so far, before this end closes.
    private func waitForAnswer() async {
        await socket.inbox.waitForAnswer(atMost: socket.configuration.closeTimeout, on: socket.stream.loop)
    }

    /// Deals with what a frame has completed; true when it was the other end's close frame.
    private mutating func handle(_ event: WebSocketAssembler.Event) async throws(WebSocketStop) -> Bool {
        do throws(WebSocketError) {
            switch event {
            case .message(let message): socket.inbox.put(message)
            case .ping(let payload): try await socket.outbox.pong(payload)
            case .pong: break
            case .close(let close):
                await waitForAnswer()
                socket.inbox.didReceive(close ?? WebSocketClose(.noStatus))
                _ = try await socket.outbox.close(with: WebSocketClose(close?.code ?? .noStatus))
                return true
            }
            return false
        } catch {
            throw .failed(error)
        }
    }
}

// MARK: - Reading

extension WebSocketPump {
    /// The most bytes read at a time.
    private static var readSize: Int { 65_536 }

    private mutating func readMore() async throws(WebSocketStop) {
        if socket.isServer, socket.isDraining, !socket.inbox.isClosing {
            await waitForAnswer()
            await socket.beginClosing(WebSocketClose(.goingAway, reason: "the server shuts down"))
        }
        let isClosing = socket.inbox.isClosing
        let timeout = try patience(isClosing)
        do throws(TransportError) {
            let bytes = try await socket.stream.read(
                max: Self.readSize, timeout: timeout, endsWhenDraining: socket.isServer && !isClosing)
            if let bytes {
                isPingUnanswered = false
                reader.add(bytes)
            } else if isClosing || !socket.isDraining {
                throw .closed
            }
        } catch .timedOut {
            try await wasSilent(isClosing)
        } catch {
            throw .failed(error == .cancelled ? .cancelled : .lost(error))
        }
    }

    /// How long the next bytes may take.
    private mutating func patience(_ isClosing: Bool) throws(WebSocketStop) -> Duration {
        guard isClosing else {
            return isPingUnanswered ? socket.configuration.pongTimeout : socket.configuration.pingInterval
        }
        let deadline = closeDeadline ?? Deadline(after: socket.configuration.closeTimeout)
        closeDeadline = deadline
        guard let time = deadline.remaining else { throw .failed(.lost(.timedOut(operation: "close"))) }
        return time
    }

    private mutating func wasSilent(_ isClosing: Bool) async throws(WebSocketStop) {
        if isClosing { return }
        guard !isPingUnanswered else { throw .failed(.unresponsive) }
        do throws(WebSocketError) {
            isPingUnanswered = try await socket.outbox.ping()
        } catch {
            throw .failed(error)
        }
    }
}

// MARK: - The end

extension WebSocketPump {
    /// Ends a WebSocket that was not closed properly: tells the other end what it did, and the receiver.
    private func stop(_ reason: WebSocketStop) async {
        let wasClosing = socket.inbox.isClosing
        switch reason {
        case .violation(let violation):
            await waitForAnswer()
            await socket.beginClosing(WebSocketClose(violation.code, reason: violation.detail))
            socket.inbox.finish(.failure(.violation(violation.code, detail: violation.detail)))
            await leave(waits: true)
        case .failed(let error):
            // Once this end has closed, it does not matter how the other one goes.
            socket.inbox.finish(wasClosing ? .success(nil) : .failure(error))
        }
    }

    /// Ends the writing side, and reads on for a moment where the other end has to see what was written: closing with
    /// unread bytes would reset the connection.
    private func leave(waits: Bool) async {
        let stream = socket.stream
        do throws(TransportError) {
            try await stream.shutdownWriting()
            guard waits else { return }
            let deadline = Deadline(after: socket.configuration.closeTimeout)
            var budget = 1_048_576
            while budget > 0, let time = deadline.remaining {
                guard let bytes = try await stream.read(max: Self.readSize, timeout: time, endsWhenDraining: false)
                else { return }
                budget -= bytes.count
            }
        } catch {
            // The connection is gone, or the time is over: either way there is nobody to wait for.
            return
        }
    }
}
