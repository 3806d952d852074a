import CCurl
import CUV
import Synchronization

/// A connection of curl's: reads and writes by curl_easy_recv and curl_easy_send, and waits by the loop.
///
/// Used on the loop's thread only. Every waiting call is answered exactly once: by its event, its deadline, its
/// cancellation, or `close`.
final class TunnelHandle {
    struct Reader {
        let max: Int
        let deadline: Int64?
        let ticket: StreamTicket
        let continuation: StreamHandle.ReadContinuation
    }

    let loop: EventLoop
    let remoteAddress: SocketAddress
    let localAddress: SocketAddress
    private let easy: CurlEasy
    private let transfer: CurlTransfer
    private let multi: CurlMulti
    private var socket: CurlSocket?
    private var timer: LoopTimer?
    private var reader: Reader?
    private var writes: [TunnelWrite] = []
    private var endWaiters: [(ticket: StreamTicket, continuation: CheckedContinuation<Void, Never>)] = []
    private var failure: TransportError?

    /// Takes over the connection of a transfer that curl has finished; nil when there is none.
    init?(_ easy: CurlEasy, _ transfer: CurlTransfer, of multi: CurlMulti) {
        guard let descriptor = easy.activeSocket else { return nil }
        self.easy = easy
        self.transfer = transfer
        self.multi = multi
        loop = multi.loop
        remoteAddress = easy.address(CURLINFO_PRIMARY_IP, CURLINFO_PRIMARY_PORT)
        localAddress = easy.address(CURLINFO_LOCAL_IP, CURLINFO_LOCAL_PORT)
        socket = CurlSocket(descriptor, on: loop) { [unowned self] status, events in ready(status, events) }
        guard socket != nil else { return nil }
    }

    /// Ends everything that waits, and gives the connection back to curl, which closes it; later calls do nothing.
    func close(because reason: TransportError) {
        guard failure == nil else { return }
        failure = reason
        socket?.close()
        socket = nil
        timer?.close()
        timer = nil
        reader?.continuation.resume(returning: .failure(reason))
        reader = nil
        for write in writes { write.continuation.resume(returning: .failure(reason)) }
        writes = []
        for waiter in endWaiters { waiter.continuation.resume() }
        endWaiters = []
        // Not from within a callback of curl's: this may be one.
        let (multi, transfer) = (LoopBound(self.multi, to: loop), LoopBound(self.transfer, to: loop))
        _ = loop.execute { multi.value.end(transfer.value, .cancelled) }
    }

    private func ready(_ status: CInt, _ events: CInt) {
        if status < 0 || events & CInt(UV_WRITABLE.rawValue) != 0 { advanceWrites() }
        if status < 0 || events & CInt(UV_READABLE.rawValue) != 0 { advanceReader() }
        update()
    }

    /// Watches for what is waited for, and no more.
    private func update() {
        guard failure == nil else { return }
        socket?.watch(reading: reader != nil, writing: !writes.isEmpty)
        let deadlines = [reader?.deadline, writes.first?.deadline].compactMap { $0 }
        guard let next = deadlines.min() else {
            timer?.cancel()
            return
        }
        let timer = self.timer ?? LoopTimer(loop: loop)
        self.timer = timer
        timer.schedule(after: max(0, next - loop.now)) { [unowned self] in timerFired() }
    }

    private func timerFired() {
        if let deadline = writes.first?.deadline, deadline <= loop.now {
            close(because: .timedOut(operation: "write"))
        }
        if let reader, let deadline = reader.deadline, deadline <= loop.now {
            self.reader = nil
            reader.continuation.resume(returning: .failure(.timedOut(operation: "read")))
        }
        update()
    }

    private func lost(_ operation: StaticString, _ code: CURLcode) -> TransportError {
        let number = easy.number(CURLINFO_OS_ERRNO)
        guard number > 0, code != CURLE_SSL_CONNECT_ERROR else { return .closed }
        return .system(operation: "\(operation)", code: -CInt(truncatingIfNeeded: number), subject: "the connection")
    }
}

// MARK: - Reading

extension TunnelHandle {
    func read(_ reader: Reader) {
        if let failure { return reader.continuation.resume(returning: .failure(failure)) }
        if reader.ticket.isCancelled.load(ordering: .acquiring) {
            return reader.continuation.resume(returning: .failure(.cancelled))
        }
        guard self.reader == nil else { return reader.continuation.resume(returning: .failure(.alreadyReading)) }
        self.reader = reader
        // TLS may have bytes that the socket has not any more: curl is asked before the loop is.
        advanceReader()
        update()
    }

    private func advanceReader() {
        guard failure == nil, let reader, let result = receive(max: reader.max) else { return }
        self.reader = nil
        reader.continuation.resume(returning: result)
        guard case .success(.some) = result else {
            for waiter in endWaiters { waiter.continuation.resume() }
            endWaiters = []
            return
        }
    }

    /// What curl has, or nil when it has nothing yet.
    private func receive(max: Int) -> Result<[UInt8]?, TransportError>? {
        let memory = loop.readBuffer
        var count = 0
        let code = curl_easy_recv(easy.handle, memory.baseAddress, min(max, memory.count), &count)
        switch code {
        case CURLE_OK: return .success(count > 0 ? Array(memory[..<count]) : nil)
        case CURLE_AGAIN: return nil
        default: return .failure(lost("read", code))
        }
    }

    func waitForEnd(_ ticket: StreamTicket, _ continuation: CheckedContinuation<Void, Never>) {
        guard failure == nil, !ticket.isCancelled.load(ordering: .acquiring) else { return continuation.resume() }
        endWaiters.append((ticket, continuation))
    }

    func cancel(_ ticket: StreamTicket) {
        if let reader, reader.ticket === ticket {
            self.reader = nil
            reader.continuation.resume(returning: .failure(.cancelled))
        }
        if let index = endWaiters.firstIndex(where: { $0.ticket === ticket }) {
            endWaiters.remove(at: index).continuation.resume()
        }
        update()
    }
}

// MARK: - Writing

extension TunnelHandle {
    func write(_ write: TunnelWrite) {
        if let failure { return write.continuation.resume(returning: .failure(failure)) }
        writes.append(write)
        if writes.count == 1 { advanceWrites() }
        update()
    }

    /// Ends writes that were cancelled: a part of them may be out.
    func cancelWrites() {
        if !writes.isEmpty { close(because: .cancelled) }
    }

    private func advanceWrites() {
        while failure == nil, let write = writes.first {
            switch write.send(by: easy) {
            case CURLE_OK where write.isDone:
                writes.removeFirst()
                write.continuation.resume(returning: .success(()))
            case CURLE_OK: continue
            case CURLE_AGAIN: return
            case let code: return close(because: lost("write", code))
            }
        }
    }
}

/// Bytes on their way out, in memory that stays where it is, as TLS wants to see the same again.
final class TunnelWrite {
    let deadline: Int64?
    let continuation: StreamRequest.Continuation
    private let bytes: UnsafeMutableRawBufferPointer
    private var offset = 0

    init(_ first: [UInt8], _ second: [UInt8], deadline: Int64?, _ continuation: StreamRequest.Continuation) {
        self.deadline = deadline
        self.continuation = continuation
        bytes = .allocate(byteCount: first.count + second.count, alignment: 1)
        bytes.copyBytes(from: first)
        UnsafeMutableRawBufferPointer(rebasing: bytes[first.count...]).copyBytes(from: second)
    }

    deinit {
        bytes.deallocate()
    }

    var isDone: Bool { offset == bytes.count }

    func send(by easy: CurlEasy) -> CURLcode {
        guard !isDone, let start = bytes.baseAddress else { return CURLE_OK }
        var count = 0
        let code = curl_easy_send(easy.handle, start + offset, bytes.count - offset, &count)
        if code == CURLE_OK { offset += count }
        return code
    }
}

extension CurlEasy {
    /// The socket of a transfer's connection.
    fileprivate var activeSocket: curl_socket_t? {
        var socket = curl_socket_t(bitPattern: UInt32.max)
        guard ccurl_get_socket(handle, &socket) == CURLE_OK, socket >= 0 else { return nil }
        return socket
    }

    fileprivate func address(_ ip: CURLINFO, _ port: CURLINFO) -> SocketAddress {
        guard let address = text(ip).flatMap({ IPAddress($0) }) else { return .unix(path: "") }
        return .ip(address, port: UInt16(truncatingIfNeeded: number(port)))
    }
}
