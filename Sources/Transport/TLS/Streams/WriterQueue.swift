/// Lets one writer after the other onto a stream, in the order they came; used on the stream's loop.
final class WriterQueue {
    private typealias Turn = CheckedContinuation<TransportError?, Never>

    private let stream: any ByteStream
    private var waiting: [(ticket: StreamTicket, turn: Turn)] = []
    private(set) var isBusy = false

    init(_ stream: any ByteStream) {
        self.stream = stream
    }

    /// Waits for the turn, which is to be given back by ``end()``.
    ///
    /// - Throws: `.timedOut` or `.cancelled`; both close the stream, as a write would.
    func begin(timeout: Duration?) async throws(TransportError) {
        guard isBusy else {
            isBusy = true
            return
        }
        let ticket = StreamTicket()
        let queue = LoopBound(self, to: stream.loop)
        let timer = timeout.map { timeout in
            let timer = LoopTimer(loop: stream.loop)
            timer.schedule(after: timeout.loopMilliseconds) {
                queue.value.drop(ticket, because: .timedOut(operation: "write"))
            }
            return timer
        }
        let failure = await withTaskCancellationHandler {
            await withCheckedContinuation { turn in
                waiting.append((ticket, turn))
                if Task.isCancelled { drop(ticket, because: .cancelled) }
            }
        } onCancel: {
            queue.loop.perform { queue.value.drop(ticket, because: .cancelled) }
        }
        timer?.close()
        if let failure { throw failure }
    }

    /// Gives the turn to the next writer.
    func end() {
        if waiting.isEmpty {
            isBusy = false
        } else {
            waiting.removeFirst().turn.resume(returning: nil)
        }
    }

    private func drop(_ ticket: StreamTicket, because reason: TransportError) {
        guard let index = waiting.firstIndex(where: { $0.ticket === ticket }) else { return }
        waiting.remove(at: index).turn.resume(returning: reason)
        stream.close()
    }
}
