import Testing
import Transport

/// What a client sends, and what it must get for it.
struct HTTP2Case: Sendable, CustomTestStringConvertible {
    enum Outcome: Sendable {
        /// The connection ends with this code (RFC 9113 §5.4.1).
        case connectionError(UInt32)
        /// The stream ends with this code (§5.4.2), and the connection goes on.
        case streamError(UInt32, on: UInt32 = 1)
        /// The stream is answered with this status.
        case status(String, on: UInt32 = 1)
        /// Nothing ends.
        case accepted
    }

    let testDescription: String
    let frames: [HTTP2Frame]
    let outcome: Outcome

    init(_ name: String, _ outcome: Outcome, _ frames: HTTP2Frame...) {
        self.init(name, outcome, frames)
    }

    init(_ name: String, _ outcome: Outcome, _ frames: [HTTP2Frame]) {
        testDescription = name
        self.outcome = outcome
        self.frames = frames
    }

    func check() async throws {
        var configuration = HTTPServerConfiguration(lingerTime: .milliseconds(100))
        configuration.http2.maximalStreams = 4
        configuration.http2.connectionWindow = 100_000
        try await withHTTP2(HTTP2Handler(), configuration) { client in
            // The server may hang up in the middle.
            try? await client.send(frames)
            switch outcome {
            case .connectionError(let code):
                try await client.readAll()
                #expect(client.goAway == code)
            case .streamError(let code, let stream):
                try await client.finish(stream)
                #expect(client.resets[stream] == code)
                #expect(try await client.settle())
            case .status(let status, let stream):
                try await client.finish(stream)
                #expect(client.status(stream) == status)
                #expect(try await client.settle())
            case .accepted:
                #expect(try await client.settle())
                #expect(client.resets.isEmpty && client.goAway == nil)
            }
        }
    }
}

/// RFC 9113 §7.
extension UInt32 {
    static var noError: UInt32 { 0 }
    static var protocolError: UInt32 { 1 }
    static var internalError: UInt32 { 2 }
    static var flowControlError: UInt32 { 3 }
    static var streamClosed: UInt32 { 5 }
    static var frameSizeError: UInt32 { 6 }
    static var refusedStream: UInt32 { 7 }
    static var cancelled: UInt32 { 8 }
    static var compressionError: UInt32 { 9 }
    static var enhanceYourCalm: UInt32 { 11 }
}
