/// Brings a handshake to its end, on the stream's loop.
struct TLSHandshake {
    let machine: TLSMachine
    let stream: any ByteStream
    let timeout: Duration

    /// Runs it; the stream is closed when it fails, but for a request in plain HTTP, which the caller may answer.
    func run() async throws(TransportError) -> TLSStream {
        do throws(TransportError) {
            try await shakeHands()
            return TLSStream(machine, over: stream, try asTransport { () throws(TLSError) in try machine.security() })
        } catch .tls(.plainHTTP) {
            throw .tls(.plainHTTP)
        } catch {
            // With the alert that says why.
            stream.close(sending: machine.takeOutbound())
            throw error
        }
    }

    private func shakeHands() async throws(TransportError) {
        let deadline = Deadline(after: timeout)
        while true {
            let isDone = try asTransport { () throws(TLSError) in try machine.handshake() }
            let bytes = machine.takeOutbound()
            if !bytes.isEmpty { try await stream.write(bytes, [], timeout: try left(deadline)) }
            if isDone { return }
            do throws(TransportError) {
                let bytes = try await stream.read(
                    max: StreamHandle.highWaterMark, timeout: try left(deadline), endsWhenDraining: false)
                guard let bytes else { throw .tls(.truncated) }
                machine.feed(bytes)
            } catch .timedOut {
                throw Self.late
            }
        }
    }

    private func left(_ deadline: Deadline) throws(TransportError) -> Duration {
        guard let rest = deadline.remaining else { throw Self.late }
        return rest
    }

    private static var late: TransportError { .timedOut(operation: "the TLS handshake") }
}

/// Passes errors of TLS on as those of streams.
func asTransport<Value>(_ body: () throws(TLSError) -> Value) throws(TransportError) -> Value {
    do throws(TLSError) {
        return try body()
    } catch {
        throw .tls(error)
    }
}
