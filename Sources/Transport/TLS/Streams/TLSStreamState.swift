/// What a ``TLSStream`` knows and does on its loop.
final class TLSStreamState {
    private let machine: TLSMachine
    private let base: any ByteStream
    private var isReading = false
    private var isClosed = false
    private let writers: WriterQueue

    init(_ machine: TLSMachine, _ base: any ByteStream) {
        self.machine = machine
        self.base = base
        writers = WriterQueue(base)
    }

    /// How many bytes of plain text are encrypted before they are sent.
    private static var pieceSize: Int { 65_536 }
    /// How much may wait to be sent with the next write: answers to the other end's new keys (RFC 8446 §4.6.3).
    private static var answerLimit: Int { 4_096 }

    func close(sending bytes: [UInt8] = []) {
        guard !isClosed else { return }
        isClosed = true
        // While a write is under way nothing can be sent behind it at once.
        guard !writers.isBusy else { return base.close() }
        // Where they cannot go, the stream has failed before, and someone knows.
        if !bytes.isEmpty { try? bytes.withUnsafeBytes { try machine.write($0) } }
        machine.closeWriting()
        base.close(sending: machine.takeOutbound())
    }
}

// MARK: - Reading

extension TLSStreamState {
    func read(max: Int, timeout: Duration?, endsWhenDraining: Bool) async throws(TransportError) -> [UInt8]? {
        guard !isReading else { throw .alreadyReading }
        isReading = true
        defer { isReading = false }
        var timeout = timeout
        let deadline = timeout.map { Deadline(after: $0) }
        while !isClosed {
            switch try found(max) {
            case .bytes(let bytes): return bytes
            case .end: return nil
            case .needsInput: break
            }
            if machine.outboundCount > Self.answerLimit { try await write([], [], timeout: timeout) }
            let bytes = try await base.read(
                max: StreamHandle.highWaterMark, timeout: timeout, endsWhenDraining: endsWhenDraining)
            guard let bytes else {
                if endsWhenDraining, base.isDraining { return nil }
                throw .tls(.truncated)
            }
            machine.feed(bytes)
            if let deadline {
                guard let rest = deadline.remaining else { throw .timedOut(operation: "read") }
                timeout = rest
            }
        }
        throw .closed
    }

    private func found(_ max: Int) throws(TransportError) -> TLSMachine.Found {
        do throws(TLSError) {
            return try machine.read(max: max)
        } catch {
            // The alert says what was wrong; nothing works any more.
            isClosed = true
            base.close(sending: machine.takeOutbound())
            throw .tls(error)
        }
    }
}

// MARK: - Writing

extension TLSStreamState {
    func write(_ first: [UInt8], _ second: [UInt8], timeout: Duration?) async throws(TransportError) {
        let deadline = timeout.map { Deadline(after: $0) }
        try await writers.begin(timeout: timeout)
        defer { writers.end() }
        if first.count + second.count <= Self.pieceSize / 4 {
            // One record for both.
            try encrypt(second.isEmpty ? first[...] : (first + second)[...])
        } else {
            for bytes in [first, second] {
                var rest = bytes[...]
                while !rest.isEmpty {
                    try encrypt(rest.prefix(Self.pieceSize))
                    rest = rest.dropFirst(Self.pieceSize)
                    if machine.outboundCount >= Self.pieceSize { try await flush(deadline) }
                }
            }
        }
        try await flush(deadline)
    }

    func shutdownWriting() async throws(TransportError) {
        try await writers.begin(timeout: nil)
        defer { writers.end() }
        machine.closeWriting()
        try await flush(nil)
        try await base.shutdownWriting()
    }

    private func encrypt(_ bytes: ArraySlice<UInt8>) throws(TransportError) {
        do throws(TLSError) {
            try bytes.withUnsafeBufferPointer { bytes throws(TLSError) in
                try machine.write(UnsafeRawBufferPointer(bytes))
            }
        } catch {
            throw isClosed ? .closed : .tls(error)
        }
    }

    private func flush(_ deadline: Deadline?) async throws(TransportError) {
        let bytes = machine.takeOutbound()
        guard !bytes.isEmpty else { return }
        // Over already: the stream below says so, and closes.
        try await base.write(bytes, [], timeout: deadline.map { $0.remaining ?? .zero })
    }
}
