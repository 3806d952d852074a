import Testing

@testable import Transport

@Suite struct ConnectionBalanceTests {
    @Test("a few connections that all come to one loop are spread over all")
    func few() {
        let balance = ConnectionBalance(loops: 3, takesTurns: false)
        #expect((0..<6).map { _ in balance.place(comingTo: 0) } == [0, 1, 2, 0, 1, 2])
    }

    @Test("many stay where they came, as long as that is about even")
    func many() {
        let balance = ConnectionBalance(loops: 2, takesTurns: false)
        for index in 0..<100 { _ = balance.place(comingTo: index % 2) }
        let places = (0..<13).map { _ in balance.place(comingTo: 0) }
        #expect(places == Array(repeating: 0, count: 13))
        #expect(balance.place(comingTo: 0) == 1)
    }

    @Test("where one loop accepts all, they take turns, also when each connection ends before the next")
    func turns() {
        let balance = ConnectionBalance(loops: 3, takesTurns: true)
        let places = (0..<4).map { _ in
            let place = balance.place(comingTo: 0)
            balance.left(place)
            return place
        }
        #expect(places == [0, 1, 2, 0])
    }

    @Test("an ended connection makes room")
    func ended() {
        let balance = ConnectionBalance(loops: 2, takesTurns: false)
        #expect(balance.place(comingTo: 0) == 0)
        balance.left(0)
        #expect(balance.place(comingTo: 0) == 0)
    }
}
