import Synchronization
import Testing

@testable import Transport

@Suite struct WebSocketLimitTests {
    static func configuration(
        limit: Int = 1_000, ping: Duration = .seconds(30), pong: Duration = .seconds(20), controls: Int = 200
    ) -> WebSocketConfiguration {
        WebSocketConfiguration(
            messageLimit: limit, pingInterval: ping, pongTimeout: pong, closeTimeout: .seconds(2),
            controlLimit: controls, compression: nil)
    }

    static let tooBig: [FrameCase] = [
        FrameCase("one frame", [.binary([UInt8](repeating: 1, count: 1_001))], ["close 1009"]),
        FrameCase(
            "fragments", [.binary([UInt8](repeating: 1, count: 999), isFinal: false), .next("ab")], ["close 1009"]),
        FrameCase(
            "a byte of an endless frame", [RawFrame(opcode: 2, payload: [1], announced: 1 << 62)], ["close 1009"]),
        FrameCase(
            "a byte of a long fragment",
            [.binary([1], isFinal: false), RawFrame(opcode: 0, payload: [1], isFinal: false, announced: 1_000)],
            ["close 1009"]),
    ]

    @Test("a message over the limit closes with 1009 before it is there", arguments: tooBig)
    func size(_ example: FrameCase) async throws {
        #expect(try await talk(.echo(Self.configuration()), [example.bytes]) == example.answer)
    }

    @Test("more pings, pongs and empty fragments than the limit close with 1008")
    func floods() async throws {
        let handler = WebSocketHandler.echo(Self.configuration(controls: 5))
        let pings = [[UInt8]](repeating: RawFrame.ping("x").bytes, count: 20)
        let answer = try await talk(handler, [pings.flatMap { $0 }])
        #expect(answer == [String](repeating: "pong x", count: 5) + ["close 1008"])
        let pongs = [[UInt8]](repeating: RawFrame.pong().bytes, count: 6)
        #expect(try await talk(handler, [pongs.flatMap { $0 }]) == ["close 1008"])
        let fragments = [RawFrame.text("", isFinal: false)] + (0..<6).map { _ in .next("", isFinal: false) }
        #expect(try await talk(handler, [fragments.flatMap(\.bytes)]) == ["close 1008"])
    }

    @Test("the flood's count begins anew after ten seconds")
    func floodWindow() throws {
        let start = ContinuousClock.now
        var guardian = WebSocketFloodGuard(limit: 2, at: start)
        try guardian.count(at: start)
        try guardian.count(at: start + .seconds(9))
        #expect(throws: WebSocketViolation.self) { try guardian.count(at: start + .seconds(9.9)) }
        try guardian.count(at: start + .seconds(10))
        try guardian.count(at: start + .seconds(19))
        #expect(throws: WebSocketViolation.self) { try guardian.count(at: start + .seconds(19)) }
    }

    @Test("while nobody receives pings are answered up to the second message, and nothing is read behind it")
    func nobodyReceives() async throws {
        let (starts, start) = AsyncStream<Void>.makeStream()
        let handler = WebSocketHandler(configuration: Self.configuration()) { socket in
            for await _ in starts { break }
            while let message = try await socket.receive() { try await socket.send(message) }
        }
        try await withServer(handler) { listener, group in
            let (connection, _) = try await open(listener, group)
            let frames = [RawFrame.text("a"), .ping("1"), .text("b"), .ping("2")]
            try await connection.write(frames.flatMap(\.bytes))
            let first = try #require(try await connection.read(timeout: .seconds(20)))
            #expect(RawFrame.describe(first) == ["pong 1"])
            start.yield()
            try await connection.write(RawFrame.end.bytes)
            var rest: [UInt8] = []
            while let bytes = try await connection.read(timeout: .seconds(20)) { rest += bytes }
            #expect(Set(RawFrame.describe(rest)) == ["text a", "text b", "pong 2", "close 1000"])
            #expect(RawFrame.describe(rest).last == "close 1000")
        }
    }

    @Test("a client that sends more than is received has to wait")
    func inboundPressure() async throws {
        let (starts, start) = AsyncStream<Void>.makeStream()
        let configuration = Self.configuration(limit: 70_000)
        let received = Counter()
        let handler = WebSocketHandler(configuration: configuration) { socket in
            for await _ in starts { break }
            while try await socket.receive() != nil { received.add() }
        }
        try await withServer(handler) { listener, group in
            let (connection, _) = try await open(listener, group)
            let frame = RawFrame.binary([UInt8](repeating: 7, count: 65_536)).bytes
            let written = Counter()
            async let writing: Void = {
                for _ in 0..<400 {
                    try await connection.write(frame)
                    written.add()
                }
                try await connection.write(RawFrame.end.bytes)
            }()
            // The kernel's buffers hold some megabytes, and not 25; once a write has waited this long nobody reads.
            var before = -1
            while written.count != before {
                before = written.count
                try await connection.loop.sleep(for: .milliseconds(200))
            }
            #expect(before < 400)
            start.yield()
            try await writing
            _ = try await connection.readAll()
            #expect(received.count == 400)
        }
    }

    @Test("a client that does not read slows the sender down, and gets everything")
    func outboundPressure() async throws {
        let sent = Counter()
        let handler = WebSocketHandler(configuration: Self.configuration()) { socket in
            for _ in 0..<400 {
                try await socket.send([UInt8](repeating: 7, count: 65_536))
                sent.add()
            }
        }
        try await withServer(handler) { listener, group in
            let (connection, _) = try await open(listener, group)
            _ = try await connection.read(max: 16)
            #expect(sent.count < 400)
            var count = 16
            while count < 400 * 65_546 + 4, let bytes = try await connection.read(timeout: .seconds(20)) {
                count += bytes.count
            }
            #expect(count == 400 * 65_546 + 4)
            try await connection.write(RawFrame.end.bytes)
            #expect(try await connection.read(timeout: .seconds(20)) == nil)
        }
    }

    @Test("a client that answers no ping is gone, and the receiver is told")
    func dead() async throws {
        let (ends, end) = AsyncStream<WebSocketError>.makeStream()
        let configuration = Self.configuration(ping: .milliseconds(20), pong: .milliseconds(20))
        let handler = WebSocketHandler(configuration: configuration) { socket in
            do {
                _ = try await socket.receive()
            } catch let error as WebSocketError {
                end.yield(error)
            }
        }
        #expect(try await talk(handler, []) == ["ping"])
        for await error in ends {
            #expect(error == .unresponsive)
            break
        }
    }

    @Test("a client that answers pings may be silent as long as it likes")
    func alive() async throws {
        let configuration = Self.configuration(ping: .milliseconds(5), pong: .seconds(20))
        try await withServer(WebSocketHandler.echo(configuration)) { listener, group in
            let (connection, _) = try await open(listener, group)
            for _ in 0..<5 {
                let bytes = try #require(try await connection.read(timeout: .seconds(20)))
                #expect(RawFrame.describe(bytes).allSatisfy { $0 == "ping" })
                try await connection.write(RawFrame.pong().bytes)
            }
            try await connection.write(RawFrame.end.bytes)
            var rest: [UInt8] = []
            while let bytes = try await connection.read(timeout: .seconds(20)) { rest += bytes }
            #expect(RawFrame.describe(rest).last == "close 1000")
        }
    }

    @Test("messages of several tasks arrive whole, and those of one task in their order")
    func manySenders() async throws {
        let handler = WebSocketHandler(configuration: Self.configuration(limit: 70_000)) { socket in
            try await withThrowingTaskGroup(of: Void.self) { tasks in
                for name in ["a", "b", "c", "d"] {
                    tasks.addTask {
                        let filler = String(repeating: name, count: 20_000)
                        for number in 0..<50 { try await socket.send("\(name) \(number) \(filler)") }
                    }
                }
                try await tasks.waitForAll()
            }
        }
        let texts = Mutex<[String: [Int]]>([:])
        try await WebSocketClientTests.withClient(handler) { client, url in
            let configuration = WebSocketConfiguration(closeTimeout: .seconds(20), compression: nil)
            try await client.webSocket(WebSocketClientTests.request(url, configuration)) { socket in
                while case .text(let text)? = try await socket.receive() {
                    let parts = text.split(separator: " ")
                    let isWhole =
                        parts.count == 3 && parts[2] == String(repeating: parts[0].first ?? "?", count: 20_000)
                    texts.withLock { $0["\(parts[0])", default: []].append(isWhole ? Int(parts[1]) ?? -1 : -1) }
                }
            }
        }
        #expect(texts.withLock { $0 } == ["a", "b", "c", "d"].reduce(into: [:]) { $0[$1] = Array(0..<50) })
    }
}
