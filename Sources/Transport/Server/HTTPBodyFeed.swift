/// Reads the body of one request from its connection, piece by piece, when asked for it.
///
/// Used on the connection's loop only. States: a body under way, its end, or its failure; the last two stay.
final class HTTPBodyFeed<Stream: ByteStream> {
    /// The trailer fields that may stand there, once the body is complete.
    private(set) var trailers = HTTPFields()
    /// Why the body does not come to its end.
    private(set) var failure: HTTPBodyError?
    private(set) var isComplete = false
    /// Tells whether someone waits for the next piece.
    private(set) var isReading = false
    /// Tells whether the client waits to be asked for the body, and was not asked yet.
    private(set) var awaitsContinue: Bool

    private let stream: Stream
    private let reader: HTTPRequestReader<Stream>
    private let limit: Int
    private let decoder: HTTPChunkDecoder?
    private var remaining = 0
    private var received = 0
    private var raw = 0
    private var waited = Duration.zero

    init(
        _ stream: Stream, _ reader: HTTPRequestReader<Stream>, _ framing: HTTPFraming, limit: Int, awaitsContinue: Bool
    ) throws(HTTPRefusal) {
        self.stream = stream
        self.reader = reader
        self.limit = limit
        switch framing {
        case .length(let length):
            guard length <= limit else { throw HTTPBodyError.tooLarge(limit: limit).refusal }
            remaining = length
            decoder = nil
            isComplete = length == 0
        case .chunked:
            decoder = try HTTPChunkDecoder(limit: max(0, limit))
        }
        self.awaitsContinue = awaitsContinue && !isComplete && !reader.hasBuffered
    }

    /// The whole body.
    nonisolated(nonsending) func whole() async throws(HTTPBodyError) -> [UInt8] {
        guard var body = try await next() else { return [] }
        // Room as it is announced, but no more than a client pays for with a few bytes.
        if remaining > 0 { body.reserveCapacity(min(received + remaining, 65_536)) }
        while let piece = try await next() { body.append(contentsOf: piece) }
        return body
    }

    /// The next bytes, at least one, or nil at the body's end.
    nonisolated(nonsending) func next() async throws(HTTPBodyError) -> [UInt8]? {
        if let failure { throw failure }
        guard !isComplete else { return nil }
        // Another task waits already.
        guard !isReading else { throw .lost }
        isReading = true
        defer { isReading = false }
        do throws(HTTPRefusal) {
            while true {
                if let piece = try takePiece() { return piece }
                if isComplete { return nil }
                try await readMore()
            }
        } catch .lost(.cancelled) {
            throw .cancelled
        } catch {
            let failure = self.failure ?? HTTPBodyError(error, limit: limit)
            self.failure = failure
            throw failure
        }
    }

    /// Ends the body for whoever still holds a reader of it.
    func abandon() {
        if !isComplete, failure == nil { failure = .lost }
    }

    /// Reads and drops what nobody asked for, up to so many bytes; false when that is not all, or it does not come.
    nonisolated(nonsending) func dropRest(_ most: Int) async -> Bool {
        guard !awaitsContinue, !isReading else { return false }
        var budget = most
        do throws(HTTPBodyError) {
            while budget >= 0, let piece = try await next() { budget -= piece.count }
        } catch {
            return false
        }
        return isComplete
    }

    /// Tells whether it is known already that more than so many bytes are missing.
    func lacksMore(than most: Int) -> Bool {
        remaining > most || awaitsContinue && !isComplete
    }
}

extension HTTPBodyFeed {
    private func takePiece() throws(HTTPRefusal) -> [UInt8]? {
        guard let decoder else {
            guard let piece = reader.takeBuffered(remaining) else { return nil }
            count(piece)
            remaining -= piece.count
            isComplete = remaining == 0
            return piece
        }
        var piece: [UInt8] = []
        try reader.useBuffered { bytes throws(HTTPRefusal) in
            let used = try decoder.decode(bytes, onto: &piece)
            raw += used
            return used
        }
        count(piece)
        guard received <= limit else { throw fail(.tooLarge(limit: limit)) }
        // Chunks of one byte each, and what may stand beside them, but no endless extensions or trailers.
        guard raw <= 16 * received + 16_384 else { throw .bad("the chunks carry more framing than content") }
        if decoder.isComplete { try end(decoder.trailers) }
        return piece.isEmpty ? nil : piece
    }

    private func count(_ piece: [UInt8]) {
        received += piece.count
    }

    private func end(_ fields: HTTPFields) throws(HTTPRefusal) {
        for field in fields {
            guard field.name.isHTTPToken, field.value.isHTTPValue else { throw .bad("a trailer field is malformed") }
            if HTTPTrailers.allow(field.name) { trailers.add(field.name, field.value) }
        }
        isComplete = true
    }

    private nonisolated(nonsending) func readMore() async throws(HTTPRefusal) {
        if awaitsContinue {
            awaitsContinue = false
            let line = Array("HTTP/1.1 100 Continue\r\n\r\n".utf8)
            do throws(TransportError) {
                try await stream.write(line, timeout: reader.configuration.graceTime)
            } catch {
                throw .lost(error)
            }
        }
        let start = ContinuousClock.now
        // Only waiting for the client counts, not the time the endpoint takes.
        let time = reader.configuration.allowedTime(forBytes: received) - waited
        guard time > .zero, try await reader.readMore(within: time) else { throw fail(.tooSlow) }
        waited += .now - start
    }

    private func fail(_ error: HTTPBodyError) -> HTTPRefusal {
        failure = error
        return error.refusal
    }
}
