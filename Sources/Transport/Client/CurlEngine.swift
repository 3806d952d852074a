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

    /// Runs one transfer to its end; `refused` is the error when the loop or the client is gone.
    func run<Response: Sendable, Failure: Error>(
        refused: Failure, _ make: @escaping @Sendable (@escaping (Result<Response, Failure>) -> Void) -> CurlTransfer
    ) async throws(Failure) -> Response {
        let ticket = CurlTicket(loop)
        let result: Result<Response, Failure> = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let accepted = loop.perform { [self] in
                    let transfer = make { continuation.resume(returning: $0) }
                    start(transfer, ticket)
                }
                if !accepted { continuation.resume(returning: .failure(refused)) }
            }
        } onCancel: {
            ticket.isCancelled.store(true, ordering: .releasing)
            loop.perform { [self] in cancel(ticket) }
        }
        return try result.get()
    }

    func close() {
        loop.perform { [state] in
            let state = state.value
            state.isClosed = true
            state.multi?.close()
            state.multi = nil
        }
    }

    private func start(_ transfer: CurlTransfer, _ ticket: CurlTicket) {
        guard !ticket.isCancelled.load(ordering: .acquiring) else {
            transfer.abandon(.cancelled)
            return
        }
        let state = self.state.value
        if state.multi == nil, !state.isClosed, !loop.isStopping {
            state.multi = CurlMulti(loop: loop, configuration)
        }
        guard let multi = state.multi else {
            transfer.abandon(.stopped)
            return
        }
        ticket.transfer.value.current = transfer
        multi.start(transfer)
    }

    private func cancel(_ ticket: CurlTicket) {
        guard let transfer = ticket.transfer.value.current else { return }
        state.value.multi?.cancel(transfer)
    }
}

/// Marks one call, so that its cancellation finds its transfer.
private final class CurlTicket: Sendable {
    final class Holder {
        weak var current: CurlTransfer?
    }

    let isCancelled = Atomic<Bool>(false)
    let transfer: LoopBound<Holder>

    init(_ loop: EventLoop) {
        transfer = LoopBound(Holder(), to: loop)
    }
}
