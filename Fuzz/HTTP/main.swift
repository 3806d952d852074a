// An HTTP request of any bytes: head, framing, target and chunked body.

import FuzzDriver

@testable import Transport

/// The end of the head, found when the bytes come in pieces of this size.
func headEnd(_ bytes: [UInt8], pieces size: Int) -> Int? {
    var scanner = HTTPHeadScanner(at: 0)
    var buffer: [UInt8] = []
    for start in stride(from: 0, to: bytes.count, by: size) {
        buffer += bytes[start..<min(start + size, bytes.count)]
        do {
            if let end = try scanner.scan(buffer) { return end }
        } catch {
            return nil
        }
    }
    return nil
}

func read(_ bytes: [UInt8], end: Int) throws -> [UInt8] {
    let parser = HTTPParser()
    let head = try bytes.withUnsafeBufferPointer { bytes throws(HTTPRefusal) in
        try parser.parseHead(UnsafeBufferPointer(rebasing: bytes[..<end]))
    }
    _ = try HTTPTarget.segments(of: String(decoding: head.target, as: UTF8.self))
    var body: [UInt8] = []
    if case .chunked = try HTTPFraming(head.headers, minorVersion: head.minorVersion) {
        let used = try bytes.withUnsafeBufferPointer { bytes throws(HTTPRefusal) in
            try parser.parseBody(UnsafeBufferPointer(rebasing: bytes[end...]), onto: &body)
        }
        expect(used <= bytes.count - end, "a body ends within the bytes")
        expect(body.count <= used, "a body is no longer than its coding")
    }
    return body
}

fuzz { start, count in
    let bytes = bytes(start, count)
    let end = headEnd(bytes, pieces: max(bytes.count, 1))
    expect(headEnd(bytes, pieces: 1) == end, "a head ends at the same place however it comes")
    if let end { _ = try? read(bytes, end: end) }
    let text = text(start, count)
    _ = try? SocketAddress(text)
    _ = IPAddress(text)
    return 0
}
