// Frames of a WebSocket of any bytes, as a server reads them, with compression and without; and what its handshake says
// of extensions.

import FuzzDriver

@testable import Transport

/// What the bytes say when they come in pieces of this size: events, and the code of the violation that ends them.
func read(_ bytes: [UInt8], pieces size: Int, _ deflate: WebSocketDeflate?) -> (events: [String], code: UInt16?) {
    let reader = WebSocketFrameReader()
    var assembler = WebSocketAssembler(isServer: true, limit: 4_096, deflate: deflate)
    var events: [String] = []
    do throws(WebSocketViolation) {
        for start in stride(from: 0, to: bytes.count, by: size) {
            reader.add(Array(bytes[start..<min(start + size, bytes.count)]))
            while let piece = try reader.peek() {
                defer { reader.consume() }
                guard let event = try assembler.take(piece) else { continue }
                events.append("\(event)")
                if case .message(let message) = event {
                    expect(message.bytes.count <= 4_096, "no message is over the limit")
                }
            }
        }
    } catch {
        expect(error.code.canBeSent, "a violation has a code that can be sent")
        return (events, error.code.rawValue)
    }
    return (events, nil)
}

fuzz { start, count in
    let bytes = bytes(start, count)
    for deflate in [nil, WebSocketDeflate(compression: WebSocketCompression(), keepsInflateContext: true)] {
        let whole = read(bytes, pieces: max(1, count), deflate)
        let single = read(bytes, pieces: 1, deflate)
        expect(whole.events == single.events, "frames mean the same however they come")
        // Of several faults of a compressed message, which one is seen first may depend on it.
        if deflate == nil { expect(whole.code == single.code, "a fault is the same however it comes") }
    }
    let value = text(start, count)
    if let offers = WebSocketExtensionOffer.parse(["Sec-WebSocket-Extensions": value]),
        let (_, answer) = WebSocketDeflate.accept(offers, WebSocketCompression())
    {
        expect(answer.isHTTPValue, "an answer is a field's value")
        let echo = WebSocketExtensionOffer.parse(["Sec-WebSocket-Extensions": answer])
        expect((try? WebSocketDeflate.agree(echo, WebSocketCompression())) != nil, "a client takes the answer")
    }
    return 0
}
