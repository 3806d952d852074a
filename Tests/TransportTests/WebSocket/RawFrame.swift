/// A frame as a client sends it, rules broken where a test wants that; written without the code under test.
struct RawFrame {
    var opcode: UInt8
    var payload: [UInt8] = []
    var isFinal = true
    var reserved: UInt8 = 0
    var isMasked = true
    /// The length in the head, if it is not the payload's.
    var announced: UInt64?
    /// The bytes that the length is written in, if not the fewest: 2 or 8.
    var lengthBytes: Int?

    static func text(_ text: String, isFinal: Bool = true) -> RawFrame {
        RawFrame(opcode: 1, payload: Array(text.utf8), isFinal: isFinal)
    }

    static func next(_ text: String, isFinal: Bool = true) -> RawFrame {
        RawFrame(opcode: 0, payload: Array(text.utf8), isFinal: isFinal)
    }

    static func binary(_ bytes: [UInt8], isFinal: Bool = true) -> RawFrame {
        RawFrame(opcode: 2, payload: bytes, isFinal: isFinal)
    }

    static func ping(_ text: String = "") -> RawFrame { RawFrame(opcode: 9, payload: Array(text.utf8)) }
    static func pong(_ text: String = "") -> RawFrame { RawFrame(opcode: 10, payload: Array(text.utf8)) }

    static func close(_ code: Int, _ reason: [UInt8] = []) -> RawFrame {
        RawFrame(opcode: 8, payload: [UInt8(code >> 8), UInt8(code & 0xFF)] + reason)
    }

    static var end: RawFrame { close(1000) }

    var bytes: [UInt8] {
        var bytes = [(isFinal ? 0x80 : 0) | reserved << 4 | opcode]
        let length = announced ?? UInt64(payload.count)
        let maskBit: UInt8 = isMasked ? 0x80 : 0
        switch lengthBytes ?? (length < 126 ? 0 : length < 65_536 ? 2 : 8) {
        case 0: bytes.append(maskBit | UInt8(length))
        case 2: bytes += [maskBit | 126] + Self.bigEndian(length).suffix(2)
        default: bytes += [maskBit | 127] + Self.bigEndian(length)
        }
        guard isMasked else { return bytes + payload }
        let mask: [UInt8] = [0x37, 0xFA, 0x21, 0x3D]
        return bytes + mask + payload.enumerated().map { $1 ^ mask[$0 % 4] }
    }

    private static func bigEndian(_ number: UInt64) -> [UInt8] {
        (0..<8).reversed().map { UInt8(truncatingIfNeeded: number >> (8 * UInt64($0))) }
    }

    /// What a server's bytes say, frame by frame: `text hello`, `binary 010203`, `pong`, `close 1000`.
    ///
    /// A frame with bits set that it must not have begins with them.
    static func describe(_ bytes: [UInt8]) -> [String] {
        var rest = bytes[...]
        var result: [String] = []
        while rest.count >= 2 {
            let head = rest.removeFirst()
            var length = Int(rest.removeFirst())
            if length >= 126 {
                let count = length == 126 ? 2 : 8
                length = rest.prefix(count).reduce(0) { $0 << 8 | Int($1) }
                rest = rest.dropFirst(count)
            }
            result.append(describe(head, Array(rest.prefix(length))))
            rest = rest.dropFirst(length)
        }
        return result
    }

    private static func describe(_ head: UInt8, _ payload: [UInt8]) -> String {
        let text = String(decoding: payload, as: UTF8.self)
        switch head {
        case 0x81: return "text \(text)"
        case 0xC1: return "compressed \(hex(payload))"
        case 0x82: return "binary \(hex(payload))"
        case 0x88 where payload.count < 2: return "close"
        case 0x88: return "close \(Int(payload[0]) << 8 | Int(payload[1]))"
        case 0x89: return "ping"
        case 0x8A: return payload.isEmpty ? "pong" : "pong \(text)"
        default: return "head \(hex([head]))"
        }
    }

    static func hex(_ bytes: [UInt8]) -> String {
        bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }
}
