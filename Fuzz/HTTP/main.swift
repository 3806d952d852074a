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

/// A body that comes in pieces of this size, and how many bytes it took; nil when it is malformed.
func chunkedBody(_ bytes: ArraySlice<UInt8>, pieces size: Int) -> (body: [UInt8], used: Int)? {
    guard let decoder = try? HTTPChunkDecoder(limit: 1_048_576) else { return nil }
    var body: [UInt8] = []
    var used = 0
    for start in stride(from: bytes.startIndex, to: bytes.endIndex, by: size) where !decoder.isComplete {
        let piece = Array(bytes[start..<min(start + size, bytes.endIndex)])
        let count = try? piece.withUnsafeBufferPointer { piece throws(HTTPRefusal) in
            try decoder.decode(piece, onto: &body)
        }
        guard let count else { return nil }
        used += count
    }
    return decoder.isComplete ? (body, used) : nil
}

func read(_ bytes: [UInt8], end: Int) throws {
    let parser = HTTPHeadParser()
    let head = try bytes.withUnsafeBufferPointer { bytes throws(HTTPRefusal) in
        try parser.parse(UnsafeBufferPointer(rebasing: bytes[..<end]))
    }
    _ = try HTTPTarget.segments(of: String(decoding: bytes[head.target], as: UTF8.self))
    guard case .chunked = try HTTPFraming(head.headers, minorVersion: head.minorVersion) else { return }
    let whole = chunkedBody(bytes[end...], pieces: max(bytes.count, 1))
    let single = chunkedBody(bytes[end...], pieces: 1)
    expect(whole?.body == single?.body, "a body is the same however it comes")
    expect(whole?.used == single?.used, "a body ends at the same place however it comes")
    if let whole {
        expect(whole.used <= bytes.count - end, "a body ends within the bytes")
        expect(whole.body.count <= whole.used, "a body is no longer than its coding")
    }
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
