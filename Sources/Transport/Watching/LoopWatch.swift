/// The handles behind a stream of events: closed on the loop's thread when the stream ends.
final class LoopWatch: Sendable {
    private final class State {
        var handles: [LoopHandle] = []
        var isEnded = false
    }

    let loop: EventLoop
    private let state: LoopBound<State>

    init(_ loop: EventLoop) {
        self.loop = loop
        state = LoopBound(State(), to: loop)
    }

    /// Keeps handles until the end, which may have come already.
    func keep(_ handles: [LoopHandle]) {
        let state = self.state.value
        state.handles += handles
        if state.isEnded { close(state) }
    }

    func end() {
        loop.perform { [self] in
            let state = self.state.value
            state.isEnded = true
            close(state)
        }
    }

    private func close(_ state: State) {
        let handles = state.handles
        state.handles = []
        for handle in handles { handle.close() }
    }
}
