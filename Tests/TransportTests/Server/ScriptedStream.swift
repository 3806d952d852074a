import Synchronization
import Transport

/// A stream whose reads return exactly these pieces, and which keeps what is written.
///
/// Then comes the end, or silence: every further read is too late at once, whatever its timeout.
final class ScriptedStream: ByteStream {
    let loop: EventLoop
    let remoteAddress: SocketAddress
    let localAddress = SocketAddress.anyPort
    let isDraining = false
    private let pieces: Mutex<[[UInt8]]>
    private let output = Mutex<[UInt8]>([])

    private let thenIsSilent: Bool
    private let timeouts = Mutex<[Duration?]>([])

    init(
        _ pieces: [[UInt8]], thenIsSilent: Bool = false, remote: SocketAddress = .anyPort, on loop: EventLoop
    ) {
        self.loop = loop
        remoteAddress = remote
        self.thenIsSilent = thenIsSilent
        self.pieces = Mutex(pieces.reversed())
    }

    /// How long the reads wanted to wait that were too late.
    var patience: [Duration?] { timeouts.withLock { $0 } }

    var written: String { output.withLock { String(decoding: $0, as: UTF8.self) } }

    func read(max: Int, timeout: Duration?, endsWhenDraining: Bool) async throws(TransportError) -> [UInt8]? {
        if let piece = pieces.withLock({ $0.popLast() }) { return piece }
        guard thenIsSilent else { return nil }
        timeouts.withLock { $0.append(timeout) }
        throw .timedOut(operation: "read")
    }

    func write(_ first: [UInt8], _ second: [UInt8], timeout: Duration?) async throws(TransportError) {
        output.withLock { $0 += first + second }
    }

    func waitForEnd() async {}
    func shutdownWriting() async throws(TransportError) {}
    func close() {}
}
