import Testing

@testable import Transport

@Suite struct HostQueueTests {
    final class Job: CustomStringConvertible {
        let description: String
        init(_ name: String) { description = name }
    }

    static func queue(
        perHost: Int = 2, sharing: Int = 4, inAll: Int = 100, waiting: Int = 100
    ) -> HostQueue<Job> {
        HostQueue(.init(perHost: perHost, perSharingHost: sharing, inAll: inAll, waiting: waiting))
    }

    private func expect(_ queue: inout HostQueue<Job>, _ name: String, _ line: SourceLocation = #_sourceLocation) {
        let next = queue.next()
        #expect(next?.description == name, sourceLocation: line)
    }

    private func expectNobody(_ queue: inout HostQueue<Job>, _ line: SourceLocation = #_sourceLocation) {
        let next = queue.next()
        #expect(next == nil, sourceLocation: line)
    }

    private func expect(
        _ queue: inout HostQueue<Job>, _ job: Job, _ key: HostKey, _ expected: HostQueueVerdict,
        _ line: SourceLocation = #_sourceLocation
    ) {
        let verdict = queue.add(job, to: key)
        #expect(verdict == expected, sourceLocation: line)
    }

    static func key(_ name: String, mayShare: Bool = false) -> HostKey {
        HostKey(origin: name, security: HTTPClientSecurity(), mayShare: mayShare)
    }

    @Test("so many run to one host, and the others follow in the order they came")
    func order() {
        var queue = Self.queue()
        let a = Self.key("a")
        let verdicts = (1...4).map { queue.add(Job("\($0)"), to: a) }
        #expect(verdicts == [.start, .start, .wait, .wait])
        expectNobody(&queue)
        queue.ended(a)
        expect(&queue, "3")
        expectNobody(&queue)
        // Whoever comes later stands behind those who wait.
        queue.ended(a)
        expect(&queue, Job("5"), a, .wait)
        expect(&queue, "4")
    }

    @Test("a host at its limit holds up no other, and the hosts take turns")
    func turns() {
        var queue = Self.queue(perHost: 1, inAll: 2)
        let (a, b, c) = (Self.key("a"), Self.key("b"), Self.key("c"))
        for (name, key) in [("a1", a), ("b1", b), ("a2", a), ("a3", a), ("b2", b), ("c1", c)] {
            _ = queue.add(Job(name), to: key)
        }
        var order: [String] = []
        for key in [b, b, c] {
            queue.ended(key)
            while let job = queue.next() { order.append(job.description) }
        }
        #expect(order == ["b2", "c1"])
        queue.ended(a)
        expect(&queue, "a2")
    }

    @Test("the first transfer to a host that may share goes alone until its connection stands")
    func opening() {
        var queue = Self.queue()
        let key = Self.key("a", mayShare: true)
        #expect(
            (1...6).map { queue.add(Job("\($0)"), to: key) } == [.start]
                + [HostQueueVerdict](repeating: .wait, count: 5))
        expectNobody(&queue)
        queue.opened(key)
        expect(&queue, "2")
        expectNobody(&queue)
        queue.learned(key, isSharing: true)
        expect(&queue, "3")
        expect(&queue, "4")
        expectNobody(&queue)
    }

    @Test("when the first connection fails, all try at one time")
    func failing() {
        var queue = Self.queue()
        let key = Self.key("a", mayShare: true)
        for index in 1...3 { _ = queue.add(Job("\(index)"), to: key) }
        queue.ended(key)
        expect(&queue, "2")
        expect(&queue, "3")
    }

    @Test("whoever leaves the line is not called, and a full line takes nobody")
    func leaving() {
        var queue = Self.queue(perHost: 1, waiting: 1)
        let key = Self.key("a")
        let job = Job("2")
        expect(&queue, Job("1"), key, .start)
        expect(&queue, job, key, .wait)
        expect(&queue, Job("3"), key, .refuse)
        let removals = [queue.remove(job, from: key), queue.remove(job, from: key)]
        #expect(removals == [true, false])
        queue.ended(key)
        expectNobody(&queue)
        #expect(queue.running == 0)
    }
}
