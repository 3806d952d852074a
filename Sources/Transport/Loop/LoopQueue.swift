/// One thing for the loop's thread to do.
enum LoopWork {
    case job(UnownedJob)
    case closure(@Sendable () -> Void)
}

/// The work of a loop's thread, first in, first out; only that thread touches it.
struct LoopQueue {
    private var work: [LoopWork] = []
    private var head = 0

    var isEmpty: Bool { head == work.count }

    mutating func append(_ item: LoopWork) {
        work.append(item)
    }

    mutating func append(contentsOf items: [LoopWork]) {
        work.append(contentsOf: items)
    }

    mutating func next() -> LoopWork? {
        guard head < work.count else { return nil }
        let item = work[head]
        head += 1
        if head == work.count {
            work.removeAll(keepingCapacity: true)
            head = 0
        } else if head == Self.slack {
            work.removeFirst(head)
            head = 0
        }
        return item
    }

    /// How many done items may stay in front before the rest moves up.
    private static var slack: Int { 4_096 }
}
