import Testing

@testable import Transport

@Suite struct ConnectionBalanceTests {
    @Test("a few connections that all come to one loop are spread over all")
    func few() {
        let balance = ConnectionBalance(loops: 3)
        #expect((0..<6).map { _ in balance.place(comingTo: 0) } == [0, 1, 2, 0, 1, 2])
    }

    @Test("many stay where they came, as long as that is about even")
    func many() {
        let balance = ConnectionBalance(loops: 2)
        for index in 0..<100 { _ = balance.place(comingTo: index % 2) }
        let places = (0..<13).map { _ in balance.place(comingTo: 0) }
        #expect(places == Array(repeating: 0, count: 13))
        #expect(balance.place(comingTo: 0) == 1)
    }

    @Test("an ended connection makes room")
    func ended() {
        let balance = ConnectionBalance(loops: 2)
        #expect(balance.place(comingTo: 0) == 0)
        balance.left(0)
        #expect(balance.place(comingTo: 0) == 0)
    }
}
