/// The bytes of a response's head.
struct HTTPResponseHead {
    private(set) var bytes: [UInt8]

    /// Writes the head behind what is in the buffer; fields of framing and connection are replaced, and a body without
    /// a length comes in chunks.
    init(
        _ response: HTTPResponse, bodyLength: Int?, keepsAlive: Bool, isHTTP10: Bool = false, date: [UInt8],
        buffer: consuming [UInt8] = []
    ) {
        bytes = buffer
        bytes.reserveCapacity(bytes.count + 256)
        append("HTTP/1.1 ")
        append(response.status)
        bytes.append(contentsOf: date)
        response.headers.forEachBytes { name, value in
            guard !Self.isOurs(name) else { return }
            bytes.append(contentsOf: name)
            append(": ")
            bytes.append(contentsOf: value)
            append("\r\n")
            // Upgrade is a field of this connection alone (RFC 9110 §7.8).
            if name.count == 7, Self.isEqual(name, "upgrade") { append("Connection: Upgrade\r\n") }
        }
        if let bodyLength {
            if !response.status.hasNoBody { appendLength(bodyLength) }
        } else if !isHTTP10, !response.status.hasNoBody {
            append("Transfer-Encoding: chunked\r\n")
        }
        if !keepsAlive {
            append("Connection: close\r\n")
        } else if isHTTP10 {
            append("Connection: keep-alive\r\n")
        }
        append("\r\n")
    }

    private mutating func append(_ text: StaticString) {
        text.withUTF8Buffer { bytes.append(contentsOf: $0) }
    }

    private mutating func append(_ status: HTTPStatus) {
        let code = status.rawValue
        bytes.append(UInt8(truncatingIfNeeded: 0x30 + code / 100 % 10))
        bytes.append(UInt8(truncatingIfNeeded: 0x30 + code / 10 % 10))
        bytes.append(UInt8(truncatingIfNeeded: 0x30 + code % 10))
        bytes.append(0x20)
        bytes.append(contentsOf: status.reason.utf8)
        append("\r\n")
    }

    private mutating func appendLength(_ length: Int) {
        append("Content-Length: ")
        bytes.append(contentsOf: String(length).utf8)
        append("\r\n")
    }

    private static func isOurs(_ name: Slice<UnsafeBufferPointer<UInt8>>) -> Bool {
        switch name.count {
        case 4: isEqual(name, "date")
        case 10: isEqual(name, "connection") || isEqual(name, "keep-alive")
        case 14: isEqual(name, "content-length")
        case 17: isEqual(name, "transfer-encoding")
        default: false
        }
    }

    private static func isEqual(_ name: Slice<UnsafeBufferPointer<UInt8>>, _ lowercase: StaticString) -> Bool {
        lowercase.withUTF8Buffer { zip(name, $0).allSatisfy { $0.asciiLowercase == $1 } }
    }
}
