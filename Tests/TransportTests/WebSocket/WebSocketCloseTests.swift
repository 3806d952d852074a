import Synchronization
import Testing

@testable import Transport

@Suite struct WebSocketCloseTests {
    static let configuration = WebSocketConfiguration(closeTimeout: .seconds(2), compression: nil)

    @Test(
        "a close frame with a valid code is answered with the same",
        arguments: [1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014, 3000, 3999, 4000, 4999])
    func valid(_ code: Int) async throws {
        #expect(try await talk(.echo(Self.configuration), [RawFrame.close(code).bytes]) == ["close \(code)"])
        let frame = RawFrame.close(code, [UInt8](repeating: 0x61, count: 123))
        #expect(try await talk(.echo(Self.configuration), [frame.bytes]) == ["close \(code)"])
    }

    @Test(
        "a close frame with a code that must not be sent is answered with 1002",
        arguments: [0, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999, 5000, 65_535])
    func invalid(_ code: Int) async throws {
        #expect(try await talk(.echo(Self.configuration), [RawFrame.close(code).bytes]) == ["close 1002"])
    }

    @Test("a close frame without a code is answered without one")
    func empty() async throws {
        #expect(try await talk(.echo(Self.configuration), [RawFrame(opcode: 8).bytes]) == ["close"])
    }

    @Test("half a code is answered with 1002, and a reason that is no text with 1007")
    func malformed() async throws {
        let half = RawFrame(opcode: 8, payload: [3])
        #expect(try await talk(.echo(Self.configuration), [half.bytes]) == ["close 1002"])
        let reason = RawFrame.close(1000, [0xCE, 0xFF])
        #expect(try await talk(.echo(Self.configuration), [reason.bytes]) == ["close 1007"])
        let long = RawFrame.close(1000, [UInt8](repeating: 0x61, count: 124))
        #expect(try await talk(.echo(Self.configuration), [long.bytes]) == ["close 1002"])
    }

    @Test("nothing behind a close frame is read")
    func behind() async throws {
        let frames = [RawFrame.end, .text("a"), .ping(), .close(1002)]
        #expect(try await talk(.echo(Self.configuration), [frames.flatMap(\.bytes)]) == ["close 1000"])
    }

    @Test("the receiver gets nil, and what the client said, when the client closes")
    func seenByReceiver() async throws {
        let seen = Mutex<[String]>([])
        let handler = WebSocketHandler { socket in
            let message = try await socket.receive()
            seen.withLock { $0.append("\(message == nil) \(socket.peerClose?.code.rawValue ?? 0)") }
            seen.withLock { $0.append(socket.peerClose?.reason ?? "") }
            await #expect(throws: WebSocketError.closed(WebSocketClose(.serviceRestart))) {
                try await socket.send("late")
            }
        }
        let answer = try await talk(handler, [RawFrame.close(1012, Array("bye".utf8)).bytes])
        #expect(answer == ["close 1012"])
        #expect(seen.withLock { $0 } == ["true 1012", "bye"])
    }

    @Test("a handler that returns closes with 1000, and one that fails with 1011")
    func handlerEnds() async throws {
        struct Fault: Error {}
        let returning = WebSocketHandler { try await $0.send("hello") }
        #expect(try await talk(returning, [RawFrame.end.bytes]) == ["text hello", "close 1000"])
        let failing = WebSocketHandler { _ in throw Fault() }
        #expect(try await talk(failing, [RawFrame.end.bytes]) == ["close 1011"])
    }

    @Test("a handler may close with a code of its own, once")
    func ownCode() async throws {
        let handler = WebSocketHandler { socket in
            await socket.close(WebSocketCloseCode(rawValue: 4001) ?? .normal, reason: "enough")
            await socket.close(.internalError)
        }
        #expect(try await talk(handler, [RawFrame.end.bytes]) == ["close 4001"])
    }

    @Test("messages that come while this end closes are dropped, and pings are not answered")
    func closing() async throws {
        let frames = [RawFrame.text("a"), .text("b"), .ping("p"), .end]
        let handler = WebSocketHandler { await $0.close() }
        #expect(try await talk(handler, [frames.flatMap(\.bytes)]) == ["close 1000"])
    }

    @Test("a client that does not answer the close frame is cut off")
    func noAnswer() async throws {
        let handler = WebSocketHandler(
            configuration: WebSocketConfiguration(closeTimeout: .milliseconds(20), compression: nil)
        ) { _ in }
        #expect(try await talk(handler, []) == ["close 1000"])
    }

    @Test("a connection that breaks without a close frame is an error for the receiver, whose task is cancelled")
    func broken() async throws {
        let (ends, end) = AsyncStream<String>.makeStream()
        let handler = WebSocketHandler { socket in
            do {
                _ = try await socket.receive()
            } catch {
                let (never, _) = AsyncStream<Void>.makeStream()
                for await _ in never {}
                end.yield("\(error) \(Task.isCancelled)")
            }
        }
        try await withServer(handler) { listener, group in
            let (connection, _) = try await open(listener, group)
            connection.close()
            for await text in ends {
                #expect(text == "\(WebSocketError.lost(.closed)) true")
                break
            }
        }
    }

    @Test("a server that shuts down closes with 1001 after what was asked has been answered")
    func drains() async throws {
        let (steps, step) = AsyncStream<Void>.makeStream()
        let handler = WebSocketHandler { socket in
            while let message = try await socket.receive() {
                step.yield()
                while !socket.isDraining { try await socket.stream.loop.sleep(for: .milliseconds(1)) }
                try await socket.send(message)
            }
        }
        try await withServer(handler) { listener, group in
            let (connection, _) = try await open(listener, group)
            try await connection.write(RawFrame.text("last").bytes)
            for await _ in steps { break }
            async let shutdown: Void = listener.shutdown(within: .seconds(20))
            var answer: [UInt8] = []
            while RawFrame.describe(answer).count < 2, let bytes = try await connection.read(timeout: .seconds(20)) {
                answer += bytes
            }
            #expect(RawFrame.describe(answer) == ["text last", "close 1001"])
            try await connection.write(RawFrame.close(1001).bytes)
            #expect(try await connection.read(timeout: .seconds(20)) == nil)
            await shutdown
        }
    }
}
