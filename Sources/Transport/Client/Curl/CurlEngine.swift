import Synchronization

/// One loop's curl: made when first used, and handed to code on that loop only.
final class CurlEngine: Sendable {
    private final class State {
        var multi: CurlMulti?
        var isClosed = false
    }

    let loop: EventLoop
    private let configuration: HTTPClientConfiguration
    private let state: LoopBound<State>

    init(_ loop: EventLoop, _ configuration: HTTPClientConfiguration) {
        self.loop = loop
        self.configuration = configuration
        state = LoopBound(State(), to: loop)
    }

    /// Waits for what a call on the loop completes; cancelling the task breaks the ticket's transfer off.
    func run(
        _ ticket: CurlTicket? = nil,
        _ begin: @escaping @Sendable (CurlTicket, @escaping HTTPCollectingTransfer.Completion) -> Void
    ) async -> Result<HTTPClientResponse, HTTPClientError> {
        let ticket = ticket ?? CurlTicket(loop)
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let accepted = loop.perform {
                    begin(ticket) { continuation.resume(returning: $0) }
                }
                if !accepted { continuation.resume(returning: .failure(.stopped(requestWasSent: false))) }
            }
        } onCancel: {
            cancel(ticket)
        }
    }

    /// Starts a transfer to a URL that can be asked, on the loop's thread.
    func start(
        _ exchange: HTTPExchange, _ ticket: CurlTicket, _ complete: HTTPCollectingTransfer.Completion,
        _ make: (CurlURL) -> HTTPTransfer
    ) {
        guard let url = CurlURL(exchange.request.url) else { return complete(.failure(.invalidURL)) }
        let transfer = make(url)
        guard !ticket.isCancelled.load(ordering: .acquiring) else { return transfer.abandon(.cancelled) }
        if let address = transfer.refusedHost { return transfer.fail(.privateAddress(address)) }
        guard let multi else { return transfer.abandon(.stopped) }
        ticket.transfer.value.current = transfer
        exchange.upload?.whenReady { [loop] in
            loop.perform { ticket.transfer.value.current?.resumeSending() }
        }
        multi.start(transfer)
    }

    /// Lets the transfer go on when the body's reader has taken what there was.
    func follow(_ body: HTTPClientBody, _ ticket: CurlTicket) {
        body.whenRoom { [loop] in
            loop.perform { ticket.transfer.value.current?.resumeReceiving() }
        }
    }

    func cancel(_ ticket: CurlTicket) {
        ticket.isCancelled.store(true, ordering: .releasing)
        loop.perform { [self] in
            guard let transfer = ticket.transfer.value.current else { return }
            state.value.multi?.end(transfer, .cancelled)
        }
    }

    func close() {
        loop.perform { [state] in
            let state = state.value
            state.isClosed = true
            state.multi?.close()
            state.multi = nil
        }
    }

    private var multi: CurlMulti? {
        let state = self.state.value
        if state.multi == nil, !state.isClosed, !loop.isStopping {
            state.multi = CurlMulti(loop: loop, configuration)
        }
        return state.multi
    }
}

/// Marks one call, so that its cancellation finds its transfer.
final class CurlTicket: Sendable {
    final class Holder {
        weak var current: CurlTransfer?
    }

    let isCancelled = Atomic<Bool>(false)
    let transfer: LoopBound<Holder>

    init(_ loop: EventLoop) {
        transfer = LoopBound(Holder(), to: loop)
    }
}
