extension HTTPServerConnection {
    /// The answers that wait, for more behind them, or an empty buffer.
    func takeOutbound() -> [UInt8] {
        guard !outbound.isEmpty else { return context.takeBuffer() }
        defer { outbound = [] }
        return outbound
    }

    /// Writes a whole answer, with those that waited in front of it; or lets it wait for the next one.
    ///
    /// Those that wait are written when the connection's task first waits for something: an answer is never held up by
    /// the work for another.
    nonisolated(nonsending) func finish(
        _ head: consuming [UInt8], _ body: [UInt8], waits: Bool
    ) async throws(HTTPRefusal) {
        guard head.count + body.count <= Self.waitingLimit else { return try await write(head, body) }
        head.append(contentsOf: body)
        outbound = head
        guard waits else { return try await flush() }
        guard !writesLater else { return }
        writesLater = true
        let connection = LoopBound(self, to: stream.loop)
        stream.loop.later { connection.value.flushNow() }
    }

    /// Writes what waits, without waiting; what is left, and a failure, is for the next `flush`.
    private func flushNow() {
        writesLater = false
        guard !outbound.isEmpty, let count = try? stream.writeNow(outbound) else { return }
        outbound.removeFirst(count)
    }

    /// Writes what waits.
    nonisolated(nonsending) func flush() async throws(HTTPRefusal) {
        let bytes = outbound
        outbound = []
        do throws(TransportError) {
            let count = try stream.writeNow(bytes)
            guard count < bytes.count else { return context.giveBack(bytes) }
            outbound = count == 0 ? bytes : Array(bytes[count...])
        } catch {
            throw .lost(error)
        }
        let rest = outbound
        outbound = []
        try await write(rest, [])
    }

    @inline(never)
    nonisolated(nonsending) func write(_ first: [UInt8], _ second: [UInt8]) async throws(HTTPRefusal) {
        do throws(TransportError) {
            try await stream.write(
                first, second, timeout: context.configuration.allowedTime(forBytes: first.count + second.count))
        } catch {
            throw .lost(error)
        }
    }

    /// How many bytes of answers may wait.
    private static var waitingLimit: Int { 16_384 }
}
