import Testing

@testable import Transport

/// RFC 7692's examples (§7.2.3), and what is not in them.
@Suite struct WebSocketDeflateTests {
    static let offer = "Sec-WebSocket-Extensions: permessage-deflate\r\n"

    static func echo(keepsContext: Bool = false, limit: Int = 1_000) -> WebSocketHandler {
        .echo(
            WebSocketConfiguration(
                messageLimit: limit, closeTimeout: .seconds(2),
                compression: WebSocketCompression(threshold: 1, keepsContext: keepsContext)))
    }

    static func compressed(_ bytes: [UInt8], opcode: UInt8 = 1, isFinal: Bool = true) -> RawFrame {
        RawFrame(opcode: opcode, payload: bytes, isFinal: isFinal, reserved: opcode == 0 ? 0 : 4)
    }

    static let hello: [UInt8] = [0xF2, 0x48, 0xCD, 0xC9, 0xC9, 0x07, 0x00]

    static let good: [FrameCase] = [
        FrameCase("one frame", [compressed(hello)], []),
        FrameCase(
            "two frames", [compressed(Array(hello[..<3]), isFinal: false), compressed(Array(hello[3...]), opcode: 0)],
            []),
        FrameCase(
            "an empty last frame", [compressed(hello, isFinal: false), compressed([], opcode: 0)], []),
        FrameCase(
            "a block without compression",
            [compressed([0x00, 0x05, 0x00, 0xFA, 0xFF, 0x48, 0x65, 0x6C, 0x6C, 0x6F, 0x00])], []),
        FrameCase("a final block", [compressed([0xF3, 0x48, 0xCD, 0xC9, 0xC9, 0x07, 0x00, 0x00])], []),
        FrameCase(
            "two blocks",
            [compressed([0xF2, 0x48, 0x05, 0x00, 0x00, 0x00, 0xFF, 0xFF, 0xCA, 0xC9, 0xC9, 0x07, 0x00])], []),
        FrameCase("no compression at all", [.text("Hello")], []),
        FrameCase(
            "a ping between",
            [compressed(Array(hello[..<3]), isFinal: false), .pong(), compressed(Array(hello[3...]), opcode: 0)],
            []),
    ]

    @Test("Hello is read in whatever blocks and frames it comes", arguments: good)
    func examples(_ example: FrameCase) async throws {
        let answer = try await talk(Self.echo(), [example.bytes + RawFrame.end.bytes], Self.offer)
        // Which is shorter than what it would be compressed.
        #expect(answer == ["text Hello", "close 1000"])
    }

    @Test("a window that is kept is used by both ends, and forgotten by both where it is not")
    func contexts() async throws {
        let again = Self.compressed([0xF2, 0x00, 0x11, 0x00, 0x00])
        let frames = Self.compressed(Self.hello).bytes + again.bytes + RawFrame.end.bytes
        let kept = try await talk(Self.echo(keepsContext: true), [frames], Self.offer)
        #expect(kept == ["compressed f248cdc9c90700", "compressed f200110000", "close 1000"])
        let forgotten = try await talk(Self.echo(), [frames], Self.offer)
        #expect(forgotten == ["text Hello", "close 1007"])
    }

    @Test("many messages with a window that is kept come back as they were")
    func manyMessages() async throws {
        let compress = try #require(DeflateStream(level: 6, windowBits: 15))
        let texts = (0..<50).map { "message number \($0) of many that are much alike" }
        let frames = try texts.map { Self.compressed(try #require(compress.message(Array($0.utf8)))) } + [.end]
        let answer = try await talk(Self.echo(keepsContext: true), [frames.flatMap(\.bytes)], Self.offer)
        let inflate = try InflateStream(windowBits: 15)
        let read = try answer.dropLast().map { line in
            var target: [UInt8] = []
            let bytes = Self.bytes(of: line) + [0, 0, 0xFF, 0xFF]
            try bytes.withUnsafeBufferPointer { try inflate.inflate($0, onto: &target, limit: 1_000) }
            return String(decoding: target, as: UTF8.self)
        }
        #expect(read == texts)
    }

    private static func bytes(of line: String) -> [UInt8] {
        let digits = Array(line.drop { $0 != " " }.dropFirst().utf8)
        return stride(from: 0, to: digits.count, by: 2).compactMap {
            UInt8(String(decoding: digits[$0...$0 + 1], as: UTF8.self), radix: 16)
        }
    }

    @Test("a small message that grows to one over the limit is refused, and one that reaches it is not")
    func bombs() async throws {
        for (size, answer) in [(1_000, "compressed"), (1_001, "close 1009"), (20_000_000, "close 1009")] {
            let stream = try #require(DeflateStream(level: 9, windowBits: 15))
            let bomb = try #require(stream.message([UInt8](repeating: 0x61, count: size)))
            let frames = Self.compressed(bomb).bytes + RawFrame.end.bytes
            let first = try #require(try await talk(Self.echo(), [frames], Self.offer).first)
            #expect(first.hasPrefix(answer))
        }
    }

    static let bad: [FrameCase] = [
        FrameCase("no DEFLATE", [compressed([0xFF, 0xFF, 0xFF])], ["close 1007"]),
        FrameCase("a text that is no UTF-8", [compressed([0x02, 0x01, 0x00, 0xFE, 0xFF, 0xFF, 0x00])], ["close 1007"]),
        FrameCase(
            "a bit on a continuation",
            [
                compressed(Array(hello[..<3]), isFinal: false),
                RawFrame(opcode: 0, payload: Array(hello[3...]), reserved: 4),
            ], ["close 1002"]),
        FrameCase("a bit on a ping", [RawFrame(opcode: 9, reserved: 4)], ["close 1002"]),
        FrameCase("other bits", [RawFrame(opcode: 1, payload: hello, reserved: 6)], ["close 1002"]),
    ]

    @Test("what cannot be decompressed closes with 1007, and bits in the wrong place with 1002", arguments: bad)
    func refused(_ example: FrameCase) async throws {
        #expect(try await talk(Self.echo(), [example.bytes], Self.offer) == example.answer)
    }

    @Test("a message under the threshold, or one that would only grow, is sent as it is")
    func notWorthIt() async throws {
        let configuration = WebSocketConfiguration(
            closeTimeout: .seconds(2), compression: WebSocketCompression(threshold: 6))
        let noise: [UInt8] = [0x9D, 0x11, 0xE7, 0x52, 0x03, 0xBA, 0x6C]
        let frames = [RawFrame.text("Hello"), .binary(noise), .end]
        let answer = try await talk(.echo(configuration), [frames.flatMap(\.bytes)], Self.offer)
        #expect(answer == ["text Hello", "binary 9d11e75203ba6c", "close 1000"])
    }

    static let forgets = "permessage-deflate; server_no_context_takeover; client_no_context_takeover"
    static let offers: [(offer: String, forgetting: String?, keeping: String?)] = [
        ("permessage-deflate", forgets, "permessage-deflate"),
        ("Permessage-Deflate", forgets, "permessage-deflate"),
        ("permessage-deflate; client_max_window_bits", forgets, "permessage-deflate"),
        ("permessage-deflate; client_max_window_bits=8", forgets, "permessage-deflate"),
        (
            "permessage-deflate; server_no_context_takeover", forgets,
            "permessage-deflate; server_no_context_takeover"
        ),
        (
            "permessage-deflate; client_no_context_takeover", forgets,
            "permessage-deflate; client_no_context_takeover"
        ),
        (
            "permessage-deflate; server_max_window_bits=10", forgets + "; server_max_window_bits=10",
            "permessage-deflate; server_max_window_bits=10"
        ),
        ("permessage-deflate; server_max_window_bits=\"9\"", forgets + "; server_max_window_bits=9", nil),
        ("permessage-deflate; server_max_window_bits=8", nil, nil),
        ("permessage-deflate; server_max_window_bits=8, permessage-deflate", forgets, "permessage-deflate"),
        ("permessage-deflate; server_max_window_bits", nil, nil),
        ("permessage-deflate; server_max_window_bits=16", nil, nil),
        ("permessage-deflate; server_max_window_bits=010", nil, nil),
        ("permessage-deflate; server_no_context_takeover=1", nil, nil),
        ("permessage-deflate; server_no_context_takeover; server_no_context_takeover", nil, nil),
        ("permessage-deflate; unknown", nil, nil),
        ("x-webkit-deflate-frame", nil, nil),
        ("", nil, nil),
    ]

    @Test("the first offer that can be met is answered by its terms", arguments: offers)
    func negotiation(_ offer: String, _ forgetting: String?, _ keeping: String?) throws {
        let offers = try #require(WebSocketExtensionOffer.parse(["Sec-WebSocket-Extensions": offer]))
        #expect(WebSocketDeflate.accept(offers, WebSocketCompression())?.answer == forgetting)
        guard let keeping else { return }
        #expect(WebSocketDeflate.accept(offers, WebSocketCompression(keepsContext: true))?.answer == keeping)
    }

    @Test("a server's answer binds both ends")
    func answers() throws {
        func agree(_ answer: String, keeps: Bool) throws -> WebSocketDeflate? {
            let answers = WebSocketExtensionOffer.parse(["Sec-WebSocket-Extensions": answer])
            return try WebSocketDeflate.agree(answers, WebSocketCompression(keepsContext: keeps))
        }
        let small = try #require(try agree("permessage-deflate; client_max_window_bits=9", keeps: true))
        #expect(small.deflateBits == 9 && small.keepsDeflateContext && small.keepsInflateContext)
        let forgetful = try #require(try agree(Self.forgets, keeps: true))
        #expect(!forgetful.keepsDeflateContext && !forgetful.keepsInflateContext)
        #expect(try WebSocketDeflate.agree([], WebSocketCompression()) == nil)
        for bad in [
            "permessage-deflate", Self.forgets + "; client_max_window_bits=8", "other", "permessage-deflate; x",
        ] {
            #expect(throws: WebSocketViolation.self) { try agree(bad, keeps: false) }
        }
    }
}
