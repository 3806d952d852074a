import Testing
import Transport

/// What a client sends, and what the echoing server answers up to its close frame.
struct FrameCase: CustomTestStringConvertible {
    let testDescription: String
    let frames: [RawFrame]
    let answer: [String]

    init(_ name: String, _ frames: [RawFrame], _ answer: [String]) {
        testDescription = name
        self.frames = frames
        self.answer = answer
    }

    var bytes: [UInt8] { frames.flatMap(\.bytes) }
}

@Suite struct WebSocketFrameTests {
    static let small = WebSocketConfiguration(messageLimit: 70_000, closeTimeout: .seconds(2), compression: nil)

    static let messages: [FrameCase] = [
        FrameCase("an empty text", [.text(""), .end], ["text ", "close 1000"]),
        FrameCase("a text", [.text("Hello"), .end], ["text Hello", "close 1000"]),
        FrameCase("a text of many languages", [.text("κόσμε 你好 🌍"), .end], ["text κόσμε 你好 🌍", "close 1000"]),
        FrameCase("bytes", [.binary([0, 0xFE, 0xFF]), .end], ["binary 00feff", "close 1000"]),
        FrameCase("two messages", [.text("a"), .text("b"), .end], ["text a", "text b", "close 1000"]),
        FrameCase("two fragments", [.text("a", isFinal: false), .next("b"), .end], ["text ab", "close 1000"]),
        FrameCase(
            "empty fragments", [.text("", isFinal: false), .next("", isFinal: false), .next(""), .end],
            ["text ", "close 1000"]),
        FrameCase(
            "fragments with an empty one between",
            [.text("a", isFinal: false), .next("", isFinal: false), .next("b"), .end], ["text ab", "close 1000"]),
        FrameCase(
            "a ping between fragments", [.text("a", isFinal: false), .ping("p"), .next("b"), .end],
            ["pong p", "text ab", "close 1000"]),
        FrameCase(
            "a character split between fragments",
            [
                RawFrame(opcode: 1, payload: [0xE2, 0x82], isFinal: false),
                RawFrame(opcode: 0, payload: [0xAC]), .end,
            ], ["text €", "close 1000"]),
        FrameCase("a pong that nobody asked for", [.pong("x"), .text("a"), .end], ["text a", "close 1000"]),
        FrameCase("pings", [.ping(), .ping("1"), .ping("2"), .end], ["pong", "pong 1", "pong 2", "close 1000"]),
        FrameCase(
            "a ping of 125 bytes", [.ping(String(repeating: "x", count: 125)), .end],
            ["pong " + String(repeating: "x", count: 125), "close 1000"]),
    ]

    static let violations: [FrameCase] = [
        FrameCase("an unmasked frame", [RawFrame(opcode: 1, payload: [97], isMasked: false)], ["close 1002"]),
        FrameCase("an unmasked ping", [RawFrame(opcode: 9, isMasked: false)], ["close 1002"]),
        FrameCase("a ping over 125 bytes", [.ping(String(repeating: "x", count: 126))], ["close 1002"]),
        FrameCase("a ping in fragments", [RawFrame(opcode: 9, isFinal: false), .next("")], ["close 1002"]),
        FrameCase("a close frame in fragments", [RawFrame(opcode: 8, isFinal: false)], ["close 1002"]),
        FrameCase("a continuation of nothing", [.next("a")], ["close 1002"]),
        FrameCase("an unfinished continuation of nothing", [.next("a", isFinal: false)], ["close 1002"]),
        FrameCase(
            "a continuation after the end", [.text("a", isFinal: false), .next("b"), .next("c")],
            ["text ab", "close 1002"]),
        FrameCase("a message within a message", [.text("a", isFinal: false), .text("b")], ["close 1002"]),
        FrameCase("bytes within a text", [.text("a", isFinal: false), .binary([1])], ["close 1002"]),
        FrameCase(
            "a length in more bytes than needed", [RawFrame(opcode: 1, payload: [97], lengthBytes: 2)], ["close 1002"]),
        FrameCase(
            "a length in eight bytes that fits two", [RawFrame(opcode: 1, payload: [97], lengthBytes: 8)],
            ["close 1002"]),
        FrameCase(
            "a length with the highest bit set", [RawFrame(opcode: 2, payload: [1], announced: 1 << 63)],
            ["close 1002"]),
        FrameCase("a violation after a message", [.text("a"), .next("b")], ["text a", "close 1002"]),
    ]

    @Test("messages and control frames are answered in their order", arguments: messages)
    func answers(_ example: FrameCase) async throws {
        #expect(try await talk(.echo(Self.small), [example.bytes]) == example.answer)
    }

    @Test("frames may come byte by byte", arguments: messages + violations)
    func bytewise(_ example: FrameCase) async throws {
        #expect(try await talk(.echo(Self.small), example.bytes.map { [$0] }) == example.answer)
    }

    @Test("what breaks the protocol closes the connection with 1002", arguments: violations)
    func refusals(_ example: FrameCase) async throws {
        #expect(try await talk(.echo(Self.small), [example.bytes]) == example.answer)
    }

    @Test(
        "reserved bits mean nothing and are refused", arguments: [1, 2, 3, 4, 5, 6, 7] as [UInt8],
        [1, 2, 9, 8] as [UInt8])
    func reserved(_ bits: UInt8, _ opcode: UInt8) async throws {
        let frame = RawFrame(opcode: opcode, payload: [97], reserved: bits)
        #expect(try await talk(.echo(Self.small), [frame.bytes]) == ["close 1002"])
    }

    @Test("opcodes that mean nothing are refused", arguments: [3, 4, 5, 6, 7, 11, 12, 13, 14, 15] as [UInt8])
    func opcodes(_ opcode: UInt8) async throws {
        let answer = try await talk(.echo(Self.small), [RawFrame(opcode: opcode, payload: [97]).bytes])
        #expect(answer == ["close 1002"])
    }

    @Test(
        "lengths around the bounds of their coding come back whole",
        arguments: [0, 1, 125, 126, 127, 128, 4_095, 4_096, 4_097, 65_535, 65_536, 65_537, 70_000])
    func lengths(_ count: Int) async throws {
        let text = String(repeating: "*", count: count)
        let answer = try await talk(.echo(Self.small), [RawFrame.text(text).bytes + RawFrame.end.bytes])
        #expect(answer == ["text \(text)", "close 1000"])
    }
}
