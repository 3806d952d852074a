import CCurl
import CUV

/// Owns a multi handle of curl and drives it by a loop: its sockets, its timer, its transfers and their connections.
///
/// Used on the loop's thread only. curl's callbacks borrow this object; they end with the multi handle, in `close`.
final class CurlMulti {
    let loop: EventLoop
    private let library: CurlLibrary
    private let multi: UnsafeMutableRawPointer
    private let timer: LoopTimer
    private var sockets: [curl_socket_t: CurlSocket] = [:]
    private var transfers: [UnsafeMutableRawPointer: CurlTransfer] = [:]
    private var spare: [CurlEasy] = []
    private var queue: HostQueue<CurlTransfer>
    private var isAdvancing = false
    /// Those that are to stand still, or to go on, when curl's callbacks are over.
    private var pausing: [CurlTransfer] = []
    private var isOpen = true

    init?(loop: EventLoop, _ configuration: HTTPClientConfiguration) {
        guard let library = CurlLibrary(), let multi = curl_multi_init() else { return nil }
        self.library = library
        self.loop = loop
        self.multi = multi
        timer = LoopTimer(loop: loop)
        queue = HostQueue(HostQueue.Limits(configuration))
        guard setOptions(configuration) else {
            close()
            return nil
        }
        // The loop's end closes all its handles, this timer among them.
        timer.whenClosed = { [unowned self] in close() }
    }

    /// Takes a transfer, which begins when its host's limit allows it and ends by `finish` or `abandon`.
    func start(_ transfer: CurlTransfer) {
        guard isOpen else { return transfer.abandon(.stopped) }
        transfer.owner = self
        guard let key = transfer.hostKey else { return begin(transfer) }
        transfer.queueKey = key
        switch queue.add(transfer, to: key) {
        case .start: begin(transfer)
        case .wait: wait(transfer)
        case .refuse:
            transfer.queueKey = nil
            transfer.owner = nil
            transfer.abandon(.refused)
        }
        advance()
    }

    /// Ends a transfer early, in whatever state it is; not from a callback of curl.
    func end(_ transfer: CurlTransfer, _ reason: CurlAbandonment) {
        if let key = transfer.queueKey, queue.remove(transfer, from: key) {
            leaveQueue(transfer)
            transfer.queueKey = nil
            transfer.owner = nil
            transfer.abandon(reason)
        } else if let easy = transfer.easy, transfers[easy.handle] === transfer {
            end(transfer, easy) { transfer.abandon(reason) }
            advance()
        }
    }

    /// Ends a transfer with an error of curl's; not from a callback of curl.
    func fail(_ transfer: CurlTransfer, _ code: CURLcode) {
        guard let easy = transfer.easy, transfers[easy.handle] === transfer else { return }
        end(transfer, easy) { transfer.finish(code) }
        advance()
    }

    /// Tells curl what of a transfer stands still as soon as its callbacks are over.
    func pauseLater(_ transfer: CurlTransfer) {
        pausing.append(transfer)
    }

    /// Breaks all transfers off and closes all connections; later calls do nothing.
    func close() {
        guard isOpen else { return }
        isOpen = false
        for transfer in queue.removeWaiting() {
            leaveQueue(transfer)
            transfer.owner = nil
            transfer.abandon(.stopped)
        }
        for transfer in Array(transfers.values) {
            guard let easy = transfer.easy else { continue }
            end(transfer, easy) { transfer.abandon(.stopped) }
        }
        spare = []
        curl_multi_cleanup(multi)
        for socket in sockets.values { socket.close() }
        sockets = [:]
        timer.whenClosed = nil
        timer.close()
    }
}

// MARK: - Limits

extension CurlMulti {
    /// The connection of a transfer stands; called by curl.
    func opened(_ transfer: CurlTransfer) {
        if let key = transfer.queueKey { queue.opened(key) }
    }

    /// A server has shown whether it takes many requests by one connection; called by curl.
    func learned(_ transfer: CurlTransfer, isSharing: Bool) {
        if let key = transfer.queueKey, key.mayShare { queue.learned(key, isSharing: isSharing) }
    }

    private func wait(_ transfer: CurlTransfer) {
        let patience = LoopTimer(loop: loop)
        transfer.patience = patience
        patience.schedule(after: max(1, transfer.timeLeft.loopMilliseconds)) { [unowned self, unowned transfer] in
            end(transfer, .timedOut)
        }
    }

    private func leaveQueue(_ transfer: CurlTransfer) {
        transfer.patience?.close()
        transfer.patience = nil
    }

    /// Begins those whose turn it is.
    private func advance() {
        guard isOpen, !isAdvancing else { return }
        isAdvancing = true
        while let transfer = queue.next() {
            leaveQueue(transfer)
            begin(transfer)
        }
        isAdvancing = false
    }

    private func begin(_ transfer: CurlTransfer) {
        guard let easy = spare.popLast() ?? CurlEasy() else { return end(transfer, nil) { transfer.abandon(.stopped) } }
        guard transfer.prepare(easy) else {
            return end(transfer, easy) { transfer.finish(easy.failure ?? CURLE_FAILED_INIT) }
        }
        transfers[easy.handle] = transfer
        guard curl_multi_add_handle(multi, easy.handle) == CURLM_OK else {
            return end(transfer, easy) { transfer.abandon(.stopped) }
        }
    }
}

extension HostQueue.Limits {
    fileprivate init(_ configuration: HTTPClientConfiguration) {
        self.init(
            perHost: max(1, configuration.maximalConnectionsPerHost),
            perSharingHost: max(1, configuration.maximalStreamsPerHost), inAll: max(1, configuration.maximalRequests),
            waiting: max(0, configuration.maximalWaitingPerHost))
    }
}

// MARK: - Driving

extension CurlMulti {
    private func setOptions(_ configuration: HTTPClientConfiguration) -> Bool {
        let data = Unmanaged.passUnretained(self).toOpaque()
        let codes = [
            ccurl_multi_set_sockets(
                multi,
                { _, descriptor, what, data, _ in
                    CurlMulti.of(data)?.watch(descriptor, what)
                    return 0
                }, data),
            ccurl_multi_set_timer(
                multi,
                { _, milliseconds, data in
                    CurlMulti.of(data)?.setTimer(milliseconds)
                    return 0
                }, data),
            ccurl_multi_set_long(multi, CURLMOPT_MAX_CONCURRENT_STREAMS, configuration.maximalStreamsPerHost),
            ccurl_multi_set_long(multi, CURLMOPT_MAXCONNECTS, configuration.maximalIdleConnections),
        ]
        return codes.allSatisfy { $0 == CURLM_OK }
    }

    private static func of(_ data: UnsafeMutableRawPointer?) -> CurlMulti? {
        data.map { Unmanaged<CurlMulti>.fromOpaque($0).takeUnretainedValue() }
    }

    private func watch(_ descriptor: curl_socket_t, _ what: CInt) {
        guard what != CURL_POLL_REMOVE else {
            sockets.removeValue(forKey: descriptor)?.close()
            return
        }
        let known = sockets[descriptor]
        let socket =
            known
            ?? CurlSocket(descriptor, on: loop) { [unowned self] status, events in ready(descriptor, status, events) }
        sockets[descriptor] = socket
        socket?.watch(
            reading: what == CURL_POLL_IN || what == CURL_POLL_INOUT,
            writing: what == CURL_POLL_OUT || what == CURL_POLL_INOUT)
    }

    private func setTimer(_ milliseconds: Int) {
        guard milliseconds >= 0 else {
            timer.cancel()
            return
        }
        timer.schedule(after: Int64(milliseconds)) { [unowned self] in act(CURL_SOCKET_TIMEOUT, 0) }
    }

    private func ready(_ descriptor: curl_socket_t, _ status: CInt, _ events: CInt) {
        var flags: CInt = 0
        if status < 0 { flags |= CURL_CSELECT_ERR }
        if events & CInt(UV_READABLE.rawValue) != 0 { flags |= CURL_CSELECT_IN }
        if events & CInt(UV_WRITABLE.rawValue) != 0 { flags |= CURL_CSELECT_OUT }
        act(descriptor, flags)
    }

    private func act(_ descriptor: curl_socket_t, _ flags: CInt) {
        guard isOpen else { return }
        var running: CInt = 0
        // Fails only for a bad handle; what fails in a transfer is in its message.
        curl_multi_socket_action(multi, descriptor, flags, &running)
        while let transfer = pausing.popLast() {
            transfer.pause()
        }
        var left: CInt = 0
        while isOpen, let message = curl_multi_info_read(multi, &left) {
            guard message.pointee.msg == CURLMSG_DONE, let handle = message.pointee.easy_handle,
                let transfer = transfers[handle], let easy = transfer.easy
            else { continue }
            let code = ccurl_result(message)
            if code == CURLE_OK, transfer.keepsConnection {
                transfer.finish(code)
                continue
            }
            end(transfer, easy) { transfer.finish(code) }
        }
        advance()
    }

    /// Takes the transfer out, after it has read its result, and keeps the handle for the next one.
    private func end(_ transfer: CurlTransfer, _ easy: CurlEasy?, _ finish: () -> Void) {
        let isRunning = easy.map { transfers.removeValue(forKey: $0.handle) != nil } ?? false
        finish()
        transfer.owner = nil
        if isRunning, let easy { curl_multi_remove_handle(multi, easy.handle) }
        if let easy { recycle(easy) }
        if let key = transfer.queueKey { queue.ended(key) }
        transfer.queueKey = nil
    }

    private func recycle(_ easy: CurlEasy) {
        easy.reset()
        if isOpen, spare.count < Self.maximalSpareHandles { spare.append(easy) }
    }

    private static var maximalSpareHandles: Int { 64 }
}
