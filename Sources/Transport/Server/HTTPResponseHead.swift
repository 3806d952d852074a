/// The bytes of a response's head.
struct HTTPResponseHead {
    private(set) var bytes: [UInt8] = []

    /// Writes the head; fields of framing and connection are replaced, and a body without a length comes in chunks.
    init(
        _ response: HTTPResponse, bodyLength: Int?, keepsAlive: Bool, isHTTP10: Bool = false, date: [UInt8]
    ) {
        bytes.reserveCapacity(256)
        append("HTTP/1.1 ")
        append(response.status)
        bytes.append(contentsOf: date)
        for field in response.headers where !Self.isOurs(field.name) {
            append(field.name, field.value)
            // Upgrade is a field of this connection alone (RFC 9110 §7.8).
            if field.name.utf8.count == 7, HTTPFields.isEqual(field.name, "upgrade") { append("Connection", "Upgrade") }
        }
        if let bodyLength {
            if !response.status.hasNoBody { append("Content-Length", "\(bodyLength)") }
        } else if !isHTTP10, !response.status.hasNoBody {
            append("Transfer-Encoding", "chunked")
        }
        if !keepsAlive {
            append("Connection", "close")
        } else if isHTTP10 {
            append("Connection", "keep-alive")
        }
        append("\r\n")
    }

    private mutating func append(_ text: String) {
        bytes.append(contentsOf: text.utf8)
    }

    private mutating func append(_ status: HTTPStatus) {
        append("\(status.rawValue)")
        bytes.append(0x20)
        append(status.reason)
        append("\r\n")
    }

    private mutating func append(_ name: String, _ value: String) {
        append(name)
        append(": ")
        append(value)
        append("\r\n")
    }

    private static func isOurs(_ name: String) -> Bool {
        switch name.utf8.count {
        case 4: HTTPFields.isEqual(name, "date")
        case 10: HTTPFields.isEqual(name, "connection") || HTTPFields.isEqual(name, "keep-alive")
        case 14: HTTPFields.isEqual(name, "content-length")
        case 17: HTTPFields.isEqual(name, "transfer-encoding")
        default: false
        }
    }
}
