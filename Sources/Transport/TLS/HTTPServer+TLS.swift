import Logging

extension HTTPServer {
    /// Serves the connections of a listener, each behind TLS where a context is given, until it is shut down, or the
    /// task cancelled.
    public func run(on listener: Listener, tls: TLSServerContext?) async {
        guard let tls else { return await run(on: listener) }
        await listener.run { await serve($0, tls: tls) }
    }

    /// Serves one connection to its end, behind TLS where a context is given; who cannot shake hands, or speaks plain
    /// HTTP, is turned away.
    public func serve(_ connection: some ByteStream, tls: TLSServerContext?) async {
        guard let tls else { return await serve(connection) }
        let stream: TLSStream
        do throws(TransportError) {
            stream = try await tls.accept(connection)
        } catch {
            logger.debug("TLS handshake failed", ["remote": connection.remoteAddress, "error": error])
            if error == .tls(.plainHTTP) { await Self.refuse(connection) }
            return
        }
        await serve(stream)
    }

    /// Answers plain HTTP in its own words.
    private static func refuse(_ connection: some ByteStream) async {
        let text = "This port speaks TLS. Use https:// instead of http://.\n"
        let head =
            "HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain; charset=utf-8\r\n"
            + "Content-Length: \(text.utf8.count)\r\nConnection: close\r\n\r\n"
        do throws(TransportError) {
            try await connection.write(Array((head + text).utf8), timeout: .seconds(2))
            try await connection.shutdownWriting()
            // Closing with unread bytes would reset the connection before the answer is read.
            let deadline = Deadline(after: .seconds(2))
            for _ in 0..<16 {
                guard let time = deadline.remaining, try await connection.read(timeout: time) != nil else { return }
            }
        } catch {
            // The client is gone, or waits for more: it has had its answer.
            return
        }
    }
}
