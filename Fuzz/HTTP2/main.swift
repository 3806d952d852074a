// A connection of HTTP/2 of any bytes behind the preface, as a server's session reads it.

import FuzzDriver

@testable import Transport

/// Notes what a session tells, as the connection would use it.
final class Recorder: HTTP2SessionEvents {
    /// What the client's frames mean, in their order.
    var events: [String] = []
    var streams: [Int32: HTTP2Stream] = [:]
    var bodies: [Int32: Int] = [:]
    let headLimit = 4_096

    func willReceive(_ frame: HTTP2FrameHead) -> HTTP2ErrorCode? { nil }

    func openStream(_ id: Int32) -> HTTP2Stream {
        expect(streams[id] == nil, "a stream opens once")
        let stream = HTTP2Stream(id: id, position: streams.count)
        streams[id] = stream
        return stream
    }

    func didReceiveFields(_ stream: HTTP2Stream, isTrailer: Bool) {
        guard let block = stream.block else { return }
        guard block.size <= headLimit else {
            events.append("\(stream.id) too large")
            return
        }
        if isTrailer {
            events.append("\(stream.id) trailers \(block.trailers.count)")
        } else {
            do throws(HTTPRefusal) {
                let head = try block.request(from: .unix(path: ""), nil)
                expect(head.headers.contains("host"), "every request has a host")
                expect(head.headers.allSatisfy { $0.name.isHTTPToken && $0.value.isHTTPValue }, "fields are fields")
                events.append("\(stream.id) \(head.method) \(head.segments) \(head.headers.count)")
            } catch {
                events.append("\(stream.id) refused")
            }
        }
    }

    func didReceive(_ bytes: UnsafeRawBufferPointer, on stream: HTTP2Stream) {
        bodies[stream.id, default: 0] += bytes.count
    }

    func didReceiveEnd(_ stream: HTTP2Stream) {
        events.append("\(stream.id) end \(bodies[stream.id, default: 0])")
    }

    func didReceivePong() { events.append("pong") }
    func didSendEnd(_ stream: HTTP2Stream) { expect(false, "nothing was answered") }
    func didSend(_ count: Int, on stream: HTTP2Stream) { expect(false, "nothing was answered") }

    // When a reset of ours goes out depends on how the bytes came, and a reset of the client's may be there before.
    func didSpoil() {}

    func didClose(_ stream: HTTP2Stream) {
        expect(streams.removeValue(forKey: stream.id) != nil, "a stream that closes was open")
    }
}

/// What a session makes of the bytes when they come in pieces of this size.
func run(_ bytes: [UInt8], pieces size: Int) -> [String] {
    let recorder = Recorder()
    do throws(HTTP2SessionError) {
        let session = try HTTP2Session(HTTP2Configuration(), headLimit: recorder.headLimit)
        let input = Array("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".utf8) + bytes
        for start in stride(from: 0, to: input.count, by: size) {
            try session.receive(Array(input[start..<min(start + size, input.count)]), recorder)
            while !(try session.takeOutput(limit: 65_536, recorder)).isEmpty {}
            expect(session.outboundFrames < 2_000, "what waits to be written is bounded")
        }
    } catch {
        // When it ends may differ: nghttp2 counts the pieces of a CONTINUATION's head as frames of their own.
        return recorder.events
    }
    return recorder.events
}

fuzz { start, count in
    let bytes = bytes(start, count)
    // How far a session looks ahead within a piece differs, what it has told does not change.
    let whole = run(bytes, pieces: max(1, count + 24))
    let single = run(bytes, pieces: 1)
    expect(zip(whole, single).allSatisfy(==), "frames mean the same however they come")
    return 0
}
