import Testing

@testable import Transport

/// What servers answer that are none, or not quite.
@Suite struct WebSocketHandshakeAnswerTests {
    /// Answers the handshake with this text, in which `ACCEPT` stands for the right answer to the key.
    static func connect(
        to answer: String, frames: [UInt8] = [], _ configuration: WebSocketConfiguration = WebSocketConfiguration(),
        protocols: [String] = [], timeout: Duration = .seconds(20)
    ) async throws -> WebSocketMessage? {
        var message: WebSocketMessage?
        let serve: @Sendable (Connection) async -> Void = { connection in
            do {
                let request = try await connection.readThrough("\r\n\r\n")
                let key = request.split(separator: "\r\n").first { $0.hasPrefix("Sec-WebSocket-Key: ") }
                let accept = key.flatMap { WebSocketKey.answer(to: String($0.dropFirst(19))) } ?? ""
                try await connection.write(Array(answer.replacing("ACCEPT", with: accept).utf8) + frames)
                guard !answer.isEmpty else { return await connection.waitForEnd() }
                try await connection.shutdownWriting()
                _ = try await connection.readAll()
            } catch {
                connection.close()
            }
        }
        try await withListener(serve: serve) { listener, group in
            let client = HTTPClient(group: group)
            defer { client.shutdown() }
            let request = WebSocketRequest(
                "ws://\(listener.localAddress)/secret", protocols: protocols, configuration: configuration,
                timeout: timeout, privateAddresses: .allowed)
            message = try await client.webSocket(request) { try await $0.receive() }
        }
        return message
    }

    static let switching = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"

    @Test("interim answers are skipped, and frames that came with the answer are read")
    func good() async throws {
        let answer = "HTTP/1.1 103 Early Hints\r\n\r\n" + Self.switching + "Sec-WebSocket-Accept: ACCEPT\r\n\r\n"
        let frames: [UInt8] = [0x81, 2, 0x68, 0x69, 0x88, 0]
        #expect(try await Self.connect(to: answer, frames: frames) == .text("hi"))
    }

    @Test(
        "an answer that is no handshake is refused",
        arguments: [
            switching + "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n", switching + "\r\n",
            "HTTP/1.1 101 x\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ACCEPT\r\n\r\n",
            "HTTP/1.1 101 x\r\nUpgrade: websocket\r\nSec-WebSocket-Accept: ACCEPT\r\n\r\n",
            "HTTP/1.1 101 x\r\nUpgrade: h2c\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ACCEPT\r\n\r\n",
            switching + "Sec-WebSocket-Accept: ACCEPT\r\nSec-WebSocket-Protocol: other\r\n\r\n",
            switching + "Sec-WebSocket-Accept: ACCEPT\r\nSec-WebSocket-Extensions: x-other\r\n\r\n",
            switching + "Sec-WebSocket-Accept: ACCEPT\r\nSec-WebSocket-Extensions: permessage-deflate\r\n\r\n",
            "HTTP/1.0 101 x\r\n\r\n", "SSH-2.0-OpenSSH\r\n\r\n", "HTTP/1.1 101 x\r\nno field\r\n\r\n",
            "HTTP/1.1 101 x\r\nA: " + String(repeating: "a", count: 60_000),
        ])
    func bad(_ answer: String) async throws {
        do {
            _ = try await Self.connect(to: answer)
            Issue.record("the answer was taken")
        } catch WebSocketConnectError.badHandshake {
            return
        }
    }

    @Test("a refusal comes with its status and the beginning of its body, and without the path")
    func refused() async throws {
        let answer = "HTTP/1.1 429 Too Many Requests\r\nRetry-After: 7\r\nContent-Length: 9\r\n\r\nslow down and more"
        do {
            _ = try await Self.connect(to: answer)
            Issue.record("the answer was taken")
        } catch let error as WebSocketConnectError {
            guard case .refused(_, let status, "7", "slow down") = error else { throw error }
            #expect(status == .tooManyRequests)
            #expect(!"\(error)".contains("secret"))
        }
    }

    @Test("a redirect is not followed")
    func redirect() async throws {
        let answer = "HTTP/1.1 302 Found\r\nLocation: ws://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n"
        do {
            _ = try await Self.connect(to: answer)
            Issue.record("the answer was taken")
        } catch WebSocketConnectError.refused(_, let status, _, let text) {
            #expect(status == .found && text.isEmpty)
        }
    }

    @Test("a server that says nothing is waited for until the deadline")
    func silent() async throws {
        do {
            _ = try await Self.connect(to: "", timeout: .milliseconds(100))
            Issue.record("there was an answer")
        } catch WebSocketConnectError.lost(_, .timedOut) {
            return
        }
    }

    @Test("a masked frame of a server closes with 1002")
    func masked() async throws {
        await #expect(throws: WebSocketError.violation(.protocolError, detail: "a server's frame is masked")) {
            try await Self.connect(
                to: Self.switching + "Sec-WebSocket-Accept: ACCEPT\r\n\r\n", frames: RawFrame.text("hi").bytes)
        }
    }
}
