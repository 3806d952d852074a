import CUV
import Synchronization

/// Several event loops that share the work, one for each core by default.
public final class EventLoopGroup: Sendable {
    /// The loops, at least one.
    public let loops: [EventLoop]
    private let turn = Atomic<Int>(0)

    /// Starts this many loops, at least one; without a number one for each core that the process may use.
    ///
    /// - Throws: `TransportError.system` when the system has no descriptors or threads left.
    public init(count: Int? = nil, name: String = "loop") throws(TransportError) {
        var loops: [EventLoop] = []
        for index in 0..<max(1, count ?? usableCores()) {
            try loops.append(EventLoop.start(name: "\(name)-\(index)"))
        }
        self.loops = loops
    }

    /// The next loop, round robin.
    public func next() -> EventLoop {
        loops[nextIndex()]
    }

    func nextIndex() -> Int {
        let count = turn.wrappingAdd(1, ordering: .relaxed).oldValue
        return Int(UInt(bitPattern: count) % UInt(loops.count))
    }

    /// The loop the caller runs on, if it is one of the group's, or else the next one.
    public func nearest() -> EventLoop {
        loops.first { $0.inLoop } ?? next()
    }

    /// Stops all loops and waits for their threads.
    public func stop() async {
        for loop in loops { await loop.stop() }
    }
}

/// How many cores the process may use: all of the machine, unless whoever started it has said otherwise (taskset, cpusets).
func usableCores() -> Int {
    Int(uv_available_parallelism())
}
