import Synchronization

/// The line between a process and its successor: a pair of Unix sockets, of which each has one end.
///
/// An end that closes says that its process is gone.
public final class HandoverLink: Sendable {
    private let connection: Connection
    private let buffer = Mutex<[UInt8]>([])

    init(_ connection: Connection) {
        self.connection = connection
    }

    /// Takes over a descriptor of one end.
    ///
    /// - Throws: The system's error; then the descriptor is closed.
    static func open(_ descriptor: CInt, on loop: EventLoop) async throws(TransportError) -> HandoverLink {
        let result: Result<HandoverLink, TransportError> = await withCheckedContinuation { continuation in
            let accepted = loop.perform {
                continuation.resume(
                    returning: Result { () throws(TransportError) in
                        HandoverLink(try Connection.adopt(pairEnd: descriptor, on: loop))
                    })
            }
            if !accepted { continuation.resume(returning: .failure(.loopStopped(name: loop.name))) }
        }
        return try result.get()
    }

    /// Tells the other end something.
    ///
    /// - Throws: `TransportError` when the other process is gone.
    public func send(_ message: HandoverMessage) async throws(TransportError) {
        try await connection.write(Array("\(message.line)\n".utf8), timeout: .seconds(10))
    }

    /// The next message, or nil when the other end is gone or says what nobody understands.
    ///
    /// - Parameter timeout: How long to wait; nil is for ever.
    /// - Returns: The message.
    /// - Throws: `TransportError.timedOut` or `.cancelled`.
    public func receive(within timeout: Duration?) async throws(TransportError) -> HandoverMessage? {
        while true {
            if let line = takeLine() { return HandoverMessage(line: line) }
            do throws(TransportError) {
                guard let bytes = try await connection.read(timeout: timeout) else { return nil }
                let count = buffer.withLock { buffer in
                    buffer += bytes
                    return buffer.count
                }
                guard count <= Self.lineLimit else { return nil }
            } catch .timedOut(let operation) {
                throw .timedOut(operation: operation)
            } catch .cancelled {
                throw .cancelled
            } catch {
                // Whatever the system says of a link, it means that the other process is gone.
                return nil
            }
        }
    }

    /// Hangs up.
    public func close() {
        connection.close()
    }

    private func takeLine() -> String? {
        buffer.withLock { buffer in
            guard let end = buffer.firstIndex(of: 0x0A) else { return nil }
            let line = String(decoding: buffer[..<end], as: UTF8.self)
            buffer.removeSubrange(...end)
            return line
        }
    }

    /// More than any list of faults in a configuration.
    private static var lineLimit: Int { 1_048_576 }
}
