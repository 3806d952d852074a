/// Carries a value that only its loop's thread may touch through code that may run anywhere.
final class LoopBound<Value> {
    let loop: EventLoop
    private let bound: Value

    init(_ value: Value, to loop: EventLoop) {
        self.loop = loop
        bound = value
    }

    /// The value; to be asked for on the loop's thread only.
    var value: Value {
        loop.checkIsolated()
        return bound
    }
}

// Safe: `value` stops the process anywhere but on the loop's thread, and the values bound free nothing but memory when
// the last reference goes on another thread.
extension LoopBound: @unchecked Sendable {}
