import Messages

/// A binary heap of times and what is to be looked at then; what has been put in is not taken out early, so the one who
/// looks must check whether there is still something to do.
struct WakeQueue<Element> {
    private var heap: [(time: Timestamp, element: Element)] = []

    /// The earliest time.
    var next: Timestamp? { heap.first?.time }

    mutating func insert(_ element: Element, at time: Timestamp) {
        heap.append((time, element))
        var child = heap.count - 1
        while child > 0, heap[child].time < heap[(child - 1) / 2].time {
            heap.swapAt(child, (child - 1) / 2)
            child = (child - 1) / 2
        }
    }

    /// Takes out the earliest element, and its time, when that has come.
    mutating func popDue(at now: Timestamp) -> (time: Timestamp, element: Element)? {
        guard let first = heap.first, first.time <= now else { return nil }
        heap.swapAt(0, heap.count - 1)
        heap.removeLast()
        var parent = 0
        while true {
            var smallest = parent
            for child in [2 * parent + 1, 2 * parent + 2]
            where child < heap.count && heap[child].time < heap[smallest].time { smallest = child }
            guard smallest != parent else { return first }
            heap.swapAt(parent, smallest)
            parent = smallest
        }
    }
}
