import Testing
import Transport

@Suite struct WebSocketTextTests {
    static let configuration = WebSocketConfiguration(closeTimeout: .seconds(2), compression: nil)

    /// Texts of RFC 3629's table and of Markus Kuhn's stress test.
    static let valid: [[UInt8]] = [
        [0x24], [0xC2, 0xA2], [0xE2, 0x82, 0xAC], [0xF0, 0x90, 0x8D, 0x88], [0xC2, 0x80], [0xDF, 0xBF],
        [0xE0, 0xA0, 0x80], [0xEF, 0xBF, 0xBF], [0xED, 0x9F, 0xBF], [0xEE, 0x80, 0x80], [0xF0, 0x90, 0x80, 0x80],
        [0xF4, 0x8F, 0xBF, 0xBF], [0xEF, 0xBB, 0xBF], [0x00], [0x7F],
    ]

    static let invalid: [[UInt8]] = [
        [0x80], [0xBF], [0xC0, 0x80], [0xC1, 0xBF], [0xC2], [0xC2, 0x20], [0xE0, 0x80, 0x80], [0xE0, 0x9F, 0xBF],
        [0xE2, 0x82], [0xE2, 0x28, 0xA1], [0xED, 0xA0, 0x80], [0xED, 0xBF, 0xBF], [0xF0, 0x80, 0x80, 0x80],
        [0xF0, 0x8F, 0xBF, 0xBF], [0xF0, 0x90, 0x8D], [0xF4, 0x90, 0x80, 0x80], [0xF5, 0x80, 0x80, 0x80], [0xFE],
        [0xFF], [0xF8, 0x88, 0x80, 0x80, 0x80], [0xC3, 0xC3], [0xED, 0xA0, 0x80, 0xED, 0xB0, 0x80],
    ]

    @Test("every text of UTF-8 is taken, wherever a fragment splits it", arguments: valid)
    func accepted(_ text: [UInt8]) async throws {
        let bytes = [0x61] + text + [0x7A]
        for split in 0...bytes.count {
            let frames = [
                RawFrame(opcode: 1, payload: Array(bytes[..<split]), isFinal: false),
                RawFrame(opcode: 0, payload: Array(bytes[split...])), .end,
            ]
            let answer = try await talk(.echo(Self.configuration), [frames.flatMap(\.bytes)])
            #expect(answer == ["text \(String(decoding: bytes, as: UTF8.self))", "close 1000"])
        }
    }

    @Test("what is not UTF-8 closes the connection with 1007, wherever a fragment splits it", arguments: invalid)
    func refused(_ text: [UInt8]) async throws {
        for split in 0...text.count {
            let frames = [
                RawFrame(opcode: 1, payload: Array(text[..<split]), isFinal: false),
                RawFrame(opcode: 0, payload: Array(text[split...])),
            ]
            let answer = try await talk(.echo(Self.configuration), [frames.flatMap(\.bytes)])
            #expect(answer == ["close 1007"], "split at \(split)")
        }
    }

    @Test("a wrong byte is found before the rest of its message, or of its frame, has come")
    func early() async throws {
        var fragment = RawFrame(opcode: 1, payload: [0xCE, 0xBA, 0xF4, 0x90], isFinal: false)
        #expect(try await talk(.echo(Self.configuration), [fragment.bytes]) == ["close 1007"])
        fragment.announced = 100
        #expect(try await talk(.echo(Self.configuration), [fragment.bytes]) == ["close 1007"])
    }

    @Test("bytes need not be UTF-8")
    func binary() async throws {
        let frames = [RawFrame.binary([0xFF, 0xC0]), .end]
        let answer = try await talk(.echo(Self.configuration), [frames.flatMap(\.bytes)])
        #expect(answer == ["binary ffc0", "close 1000"])
    }
}
