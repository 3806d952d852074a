/// Reads the lines of the heads that one request gets in answer: interim ones, then the last, then perhaps trailers.
struct HTTPHeadReader {
    /// What a line was.
    enum Line: Equatable {
        /// Part of a head, or of the trailers.
        case part
        /// The end of the last head; the body follows.
        case end
        /// One that makes the heads too large, or none of HTTP's.
        case tooLarge
    }

    private(set) var status = HTTPStatus(rawValue: 0)
    private(set) var headers = HTTPFields()
    /// Whether the server spoke HTTP/2.
    private(set) var isHTTP2 = false
    private var size = 0
    private var count = 0
    private var isInHead = false

    /// The most bytes of all heads and trailers.
    static var sizeLimit: Int { 262_144 }
    /// The most fields of all heads and trailers.
    static var fieldLimit: Int { 2000 }

    /// Takes a line with its end.
    mutating func take(_ line: UnsafeRawBufferPointer) -> Line {
        size += line.count
        count += 1
        guard size <= Self.sizeLimit, count <= Self.fieldLimit else { return .tooLarge }
        if !isInHead, line.starts(with: "HTTP/".utf8) {
            begin(line)
        } else if line.first == 0x0D || line.first == 0x0A {
            guard isInHead else { return .part }
            isInHead = false
            return status.rawValue >= 200 ? .end : .part
        } else if isInHead, let colon = line.firstIndex(of: UInt8(ascii: ":")) {
            let name = String(decoding: line[..<colon], as: UTF8.self)
            headers.add(name, Self.value(line[(colon + 1)...]))
        }
        return .part
    }

    private mutating func begin(_ line: UnsafeRawBufferPointer) {
        isInHead = true
        headers = HTTPFields()
        isHTTP2 = line.dropFirst(5).first == UInt8(ascii: "2")
        let digits = line.drop { $0 != 0x20 }.dropFirst().prefix(3)
        status = HTTPStatus(rawValue: digits.reduce(0) { $0 * 10 + Int($1 &- 0x30) })
    }

    /// The text of a field's value, without the spaces around it and the end of the line.
    private static func value(_ bytes: Slice<UnsafeRawBufferPointer>) -> String {
        let isSpace: (UInt8) -> Bool = { $0 == 0x20 || $0 == 0x09 || $0 == 0x0D || $0 == 0x0A }
        var rest = bytes.drop(while: isSpace)
        while let last = rest.last, isSpace(last) { rest.removeLast() }
        return String(decoding: rest, as: UTF8.self)
    }
}
