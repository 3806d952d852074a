#if canImport(Glibc)
import Glibc
#endif

extension JSON {
    /// The deepest nesting that is read.
    public static let maximumDepth = 128
    /// The most values that are read, in all levels together: each takes many times its text's room in memory.
    public static let maximumValues = 1_000_000

    /// Parses a JSON text (RFC 8259) in UTF-8; nothing but white space may follow it.
    ///
    /// - Throws: ``MessageError/badJSON(offset:reason:)`` with the offset of the first wrong byte.
    public init(parsing bytes: [UInt8]) throws(MessageError) {
        self = try bytes.withUnsafeBufferPointer { buffer throws(MessageError) in
            var reader = JSONReader(bytes: buffer)
            return try reader.readDocument()
        }
    }

    /// Parses a JSON text.
    ///
    /// - Throws: ``MessageError/badJSON(offset:reason:)`` with the offset of the first wrong byte.
    public init(parsing text: String) throws(MessageError) {
        try self.init(parsing: Array(text.utf8))
    }
}

/// Reads JSON in one pass over bytes that outlive it.
private struct JSONReader {
    private let bytes: UnsafeBufferPointer<UInt8>
    private var position = 0
    private var depth = 0
    private var count = 0

    init(bytes: UnsafeBufferPointer<UInt8>) {
        self.bytes = bytes
    }

    mutating func readDocument() throws(MessageError) -> JSON {
        if bytes.count >= 3, bytes[0] == 0xEF, bytes[1] == 0xBB, bytes[2] == 0xBF { position = 3 }
        let value = try readValue()
        skipSpace()
        guard position == bytes.count else { throw fault("expected the end of the text") }
        return value
    }

    private mutating func readValue() throws(MessageError) -> JSON {
        skipSpace()
        guard position < bytes.count else { throw fault("expected a value, found the end of the text") }
        count += 1
        guard count <= JSON.maximumValues else { throw fault("more than \(JSON.maximumValues) values") }
        switch bytes[position] {
        case UInt8(ascii: "{"): return try readObject()
        case UInt8(ascii: "["): return try readArray()
        case UInt8(ascii: "\""): return .string(try readString())
        case UInt8(ascii: "t"): return try readWord("true", .bool(true))
        case UInt8(ascii: "f"): return try readWord("false", .bool(false))
        case UInt8(ascii: "n"): return try readWord("null", .null)
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return try readNumber()
        default: throw fault("expected a value")
        }
    }

    private mutating func readObject() throws(MessageError) -> JSON {
        try enter()
        var object = JSONObject()
        skipSpace()
        if take("}") {
            depth -= 1
            return .object(object)
        }
        while true {
            skipSpace()
            guard position < bytes.count, bytes[position] == UInt8(ascii: "\"") else {
                throw fault("expected the name of a member in quotes")
            }
            let name = try readString()
            skipSpace()
            guard take(":") else { throw fault("expected \":\" after the name of a member") }
            object.append(name, try readValue())
            skipSpace()
            if take(",") { continue }
            guard take("}") else { throw fault("expected \",\" or \"}\" after a member") }
            depth -= 1
            return .object(object)
        }
    }

    private mutating func readArray() throws(MessageError) -> JSON {
        try enter()
        var elements: [JSON] = []
        skipSpace()
        if take("]") {
            depth -= 1
            return .array(elements)
        }
        while true {
            elements.append(try readValue())
            skipSpace()
            if take(",") { continue }
            guard take("]") else { throw fault("expected \",\" or \"]\" after an element") }
            depth -= 1
            return .array(elements)
        }
    }

    private mutating func enter() throws(MessageError) {
        guard depth < JSON.maximumDepth else { throw fault("nested more than 128 levels deep") }
        depth += 1
        position += 1
    }

    private mutating func readString() throws(MessageError) -> String {
        position += 1
        let start = position
        while true {
            position = JSONText.endOfPlain(bytes, from: position)
            guard position < bytes.count else { break }
            switch bytes[position] {
            case UInt8(ascii: "\""):
                let text = try string(start..<position)
                position += 1
                return text
            case UInt8(ascii: "\\"): return try readEscapedString(from: start)
            case 0..<0x20: throw fault("a control character in a string must be escaped")
            default: position += 1
            }
        }
        throw fault("expected the closing quote of a string")
    }

    /// Goes on with a string that has escapes; what stands between `start` and here is copied as it is.
    private mutating func readEscapedString(from start: Int) throws(MessageError) -> String {
        var text: [UInt8] = []
        text.reserveCapacity(position - start + 64)
        var plain = start
        while true {
            position = JSONText.endOfPlain(bytes, from: position)
            guard position < bytes.count else { break }
            switch bytes[position] {
            case UInt8(ascii: "\""):
                text.append(contentsOf: bytes[plain..<position])
                guard let string = String(validating: text, as: UTF8.self) else { throw notUTF8(start..<position) }
                position += 1
                return string
            case UInt8(ascii: "\\"):
                text.append(contentsOf: bytes[plain..<position])
                text.append(contentsOf: String(try readEscape()).utf8)
                plain = position
            case 0..<0x20: throw fault("a control character in a string must be escaped")
            default: position += 1
            }
        }
        throw fault("expected the closing quote of a string")
    }

    private mutating func readEscape() throws(MessageError) -> Unicode.Scalar {
        guard position + 1 < bytes.count else { throw fault("expected a character after \"\\\"") }
        position += 2
        switch bytes[position - 1] {
        case UInt8(ascii: "\""): return "\""
        case UInt8(ascii: "\\"): return "\\"
        case UInt8(ascii: "/"): return "/"
        case UInt8(ascii: "b"): return "\u{08}"
        case UInt8(ascii: "f"): return "\u{0C}"
        case UInt8(ascii: "n"): return "\n"
        case UInt8(ascii: "r"): return "\r"
        case UInt8(ascii: "t"): return "\t"
        case UInt8(ascii: "u"): return try readUnicodeEscape()
        default:
            position -= 1
            throw fault("no such escape")
        }
    }

    /// Reads `XXXX` and, for a high surrogate, the `\uXXXX` that must follow; a lone surrogate becomes U+FFFD.
    private mutating func readUnicodeEscape() throws(MessageError) -> Unicode.Scalar {
        let first = try readHexadecimal()
        if let scalar = Unicode.Scalar(first) { return scalar }
        guard (0xD800..<0xDC00).contains(first), position + 1 < bytes.count, bytes[position] == UInt8(ascii: "\\"),
            bytes[position + 1] == UInt8(ascii: "u")
        else { return "\u{FFFD}" }
        let here = position
        position += 2
        let second = try readHexadecimal()
        guard (0xDC00..<0xE000).contains(second) else {
            position = here
            return "\u{FFFD}"
        }
        return Unicode.Scalar(0x10000 + (first - 0xD800) << 10 + (second - 0xDC00)) ?? "\u{FFFD}"
    }

    private mutating func readHexadecimal() throws(MessageError) -> UInt32 {
        var value: UInt32 = 0
        for _ in 0..<4 {
            guard position < bytes.count, let digit = MessageID.value(ofHexadecimal: bytes[position]) else {
                throw fault("expected four hexadecimal digits after \"\\u\"")
            }
            value = value << 4 | UInt32(digit)
            position += 1
        }
        return value
    }

    private mutating func readNumber() throws(MessageError) -> JSON {
        let start = position
        if bytes[position] == UInt8(ascii: "-") { position += 1 }
        let digits = skipDigits()
        guard digits > 0 else { throw fault("expected a digit") }
        if digits > 1, bytes[position - digits] == UInt8(ascii: "0") {
            position -= digits - 1
            throw fault("a number has no leading zero")
        }
        var isInteger = true
        if position < bytes.count, bytes[position] == UInt8(ascii: ".") {
            isInteger = false
            position += 1
            guard skipDigits() > 0 else { throw fault("expected a digit after the point") }
        }
        if position < bytes.count, bytes[position] | 0x20 == UInt8(ascii: "e") {
            isInteger = false
            position += 1
            if position < bytes.count, [UInt8(ascii: "+"), UInt8(ascii: "-")].contains(bytes[position]) {
                position += 1
            }
            guard skipDigits() > 0 else { throw fault("expected a digit in the exponent") }
        }
        let text = String(decoding: bytes[start..<position], as: UTF8.self)
        if isInteger, let value = Int64(text) { return .integer(value) }
        guard let value = Double(text), value.isFinite else {
            position = start
            throw fault("the number does not fit 64 bits")
        }
        return .number(value)
    }

    private mutating func skipDigits() -> Int {
        let start = position
        while position < bytes.count, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(bytes[position]) {
            position += 1
        }
        return position - start
    }

    private mutating func readWord(_ word: StaticString, _ value: JSON) throws(MessageError) -> JSON {
        let length = word.utf8CodeUnitCount
        guard position + length <= bytes.count, let base = bytes.baseAddress,
            memcmp(base + position, word.utf8Start, length) == 0
        else { throw fault("expected a value") }
        position += length
        return value
    }

    private mutating func skipSpace() {
        while position < bytes.count {
            switch bytes[position] {
            case 0x20, 0x0A, 0x0D, 0x09: position += 1
            default: return
            }
        }
    }

    private mutating func take(_ character: Unicode.Scalar) -> Bool {
        guard position < bytes.count, bytes[position] == UInt8(ascii: character) else { return false }
        position += 1
        return true
    }

    private func string(_ range: Range<Int>) throws(MessageError) -> String {
        guard let text = String(validating: bytes[range], as: UTF8.self) else { throw notUTF8(range) }
        return text
    }

    /// The error for the first byte that is not well-formed; escapes are ASCII and do not change where that is.
    private func notUTF8(_ range: Range<Int>) -> MessageError {
        var parser = Unicode.UTF8.ForwardParser()
        var rest = bytes[range].makeIterator()
        var length = 0
        while case .valid(let scalar) = parser.parseScalar(from: &rest) { length += scalar.count }
        return .badJSON(offset: range.lowerBound + length, reason: "the string is not UTF-8")
    }

    private func fault(_ reason: String) -> MessageError {
        .badJSON(offset: position, reason: reason)
    }
}
