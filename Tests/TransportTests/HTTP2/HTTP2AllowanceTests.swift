import Testing

@testable import Transport

@Suite struct HTTP2AllowanceTests {
    @Test("so many at once, and so many more each second, but no more than at once")
    func refills() {
        var allowance = HTTP2Allowance(burst: 3, rate: 10, now: 0)
        let first = (0..<4).map { _ in allowance.take(now: 0) }
        #expect(first == [true, true, true, false])
        let later = [99, 100, 150, 199, 200].map { allowance.take(now: $0) }
        #expect(later == [false, true, false, false, true])
        let much = (0..<4).map { _ in allowance.take(now: 100_000) }
        #expect(much == [true, true, true, false])
    }

    @Test("what is given back can be taken again, up to what there was at once")
    func gives() {
        var allowance = HTTP2Allowance(burst: 1, rate: 0, now: 0)
        allowance.give()
        let once = (0..<2).map { _ in allowance.take(now: 1_000_000) }
        #expect(once == [true, false])
        allowance.give()
        let again = allowance.take(now: 0)
        #expect(again)
    }
}
