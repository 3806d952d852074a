import Synchronization

/// Writes frames, one at a time: messages in the order of the calls, pongs and the close frame between them.
final class WebSocketOutbox: Sendable {
    private let stream: any ByteStream
    private let writer: WebSocketFrameWriter
    private let configuration: WebSocketConfiguration
    private let deflate: WebSocketDeflate?
    private let turns = WebSocketTurns()
    private let sentClose = Mutex<WebSocketClose?>(nil)
    /// Used by whoever has the turn; there only where its window is kept.
    private let deflater = Mutex<DeflateStream?>(nil)

    init(
        _ stream: any ByteStream, _ configuration: WebSocketConfiguration, _ deflate: WebSocketDeflate?,
        mask: (@Sendable () -> UInt64)?
    ) {
        self.stream = stream
        self.configuration = configuration
        self.deflate = deflate
        writer = WebSocketFrameWriter(mask: mask)
    }

    /// What this end closed with, once it has.
    var close: WebSocketClose? { sentClose.withLock { $0 } }

    /// Sends a message and returns when the stream has it.
    func send(_ opcode: WebSocketOpcode, _ payload: [UInt8]) async throws(WebSocketError) {
        guard await turns.take() else { throw .cancelled }
        do throws(WebSocketError) {
            if let close { throw .closed(close) }
            let compressed = compress(payload)
            try await write(opcode, compressed ?? payload, isCompressed: compressed != nil)
        } catch {
            await giveTurn()
            throw error
        }
        await giveTurn()
    }

    /// Asks whether the other end is there; false when something is being written, which asks the same.
    func ping() async throws(WebSocketError) -> Bool {
        guard turns.tryTake() else { return false }
        try await sendAndGive(.ping)
        return true
    }

    /// Answers a ping, now or with what is being written.
    func pong(_ payload: [UInt8]) async throws(WebSocketError) {
        guard turns.tryTake(orLeave: payload) else { return }
        try await sendAndGive(.pong, payload)
    }

    /// Sends the close frame, once, behind what is being sent; nothing is sent after it.
    ///
    /// - Returns: Whether this call did.
    func close(with close: WebSocketClose) async throws(WebSocketError) -> Bool {
        await turns.takeInAnyCase()
        guard self.close == nil else {
            await giveTurn()
            return false
        }
        sentClose.withLock { $0 = close }
        try await sendAndGive(.close, close.payload)
        return true
    }

    private func sendAndGive(_ opcode: WebSocketOpcode, _ payload: [UInt8] = []) async throws(WebSocketError) {
        do throws(WebSocketError) {
            if opcode == .close || close == nil { try await write(opcode, payload) }
        } catch {
            await giveTurn()
            throw error
        }
        await giveTurn()
    }

    /// Passes the turn on, after the pong that was left.
    private func giveTurn() async {
        while let pong = turns.pongOrGive() {
            guard close == nil else { continue }
            do throws(WebSocketError) {
                try await write(.pong, pong)
            } catch {
                // The stream is closed by its failure, which its reader learns of.
                continue
            }
        }
    }

    private func write(
        _ opcode: WebSocketOpcode, _ payload: [UInt8], isCompressed: Bool = false
    ) async throws(WebSocketError) {
        let (first, second) = try writer.frame(opcode, payload, isCompressed: isCompressed)
        do throws(TransportError) {
            try await stream.write(first, second, timeout: configuration.allowedTime(forBytes: payload.count))
        } catch .cancelled {
            throw .cancelled
        } catch {
            throw .lost(error)
        }
    }
}

// MARK: - Compressing

extension WebSocketOutbox {
    /// The message compressed, or nil when it is to be sent as it is.
    private func compress(_ payload: [UInt8]) -> [UInt8]? {
        guard let deflate, !payload.isEmpty, payload.count >= deflate.compression.threshold else { return nil }
        if deflate.keepsDeflateContext {
            // What the window has seen must be sent, even where it did not get smaller.
            return deflater.withLock { kept in
                let stream = kept ?? DeflateStream(level: deflate.compression.level, windowBits: deflate.deflateBits)
                kept = stream
                return stream?.message(payload)
            }
        }
        let bits = DeflateStream.windowBits(for: payload.count, atMost: deflate.deflateBits)
        let compressed = DeflateStream(level: deflate.compression.level, windowBits: bits)?.message(payload)
        return compressed.flatMap { $0.count < payload.count ? $0 : nil }
    }
}
