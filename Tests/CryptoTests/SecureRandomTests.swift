import Crypto
import Testing

@Suite struct SecureRandomTests {
    @Test("as many bytes are given as asked for, each time others", arguments: [1, 32, 1_000])
    func count(count: Int) throws {
        #expect(try SecureRandom().bytes(count).count == count)
        #expect(try SecureRandom().bytes(count + 16) != SecureRandom().bytes(count + 16))
    }

    @Test("nobody can ask for fewer than no bytes")
    func negative() {
        #expect(throws: CryptoError.self) { try SecureRandom().bytes(-1) }
    }

    @Test("numbers do not repeat")
    func numbers() {
        var random = SecureRandom()
        let numbers = Set((0..<1_000).map { _ in random.next() })
        #expect(numbers.count == 1_000)
    }
}
