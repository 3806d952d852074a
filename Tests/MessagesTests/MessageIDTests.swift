import Messages
import TestSupport
import Testing

@Suite struct MessageIDTests {
    @Test("a new id is a UUID of version 7 with the time in front", arguments: 0..<20)
    func layout(seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        let time = Timestamp(milliseconds: Int64(random.next() & 0xFFFF_FFFF_FFF))
        let id = MessageID(time: time, using: &random)
        let text = Array(id.description)
        #expect(text.count == 36)
        #expect(text[14] == "7")
        #expect("89ab".contains(text[19]))
        #expect(id.time == time)
        #expect(try MessageID(parsing: id.description) == id)
        #expect(MessageID(bytes: id.bytes) == id)
        #expect(id.bytes.count == 16)
    }

    @Test("the example of RFC 9562 appendix A.6 is read and written")
    func example() throws {
        let id = try MessageID(parsing: "017F22E2-79B0-7CC3-98C4-DC0C0C07398F")
        #expect(id.description == "017f22e2-79b0-7cc3-98c4-dc0c0c07398f")
        #expect(id.time == (try Timestamp(parsing: "2022-02-22T14:22:22-05:00")))
    }

    @Test("ids sort by the time they were made at, also as text and as bytes")
    func order() {
        var random = SeededRandom(seed: 1)
        let ids = (0..<100).map {
            MessageID(time: Timestamp(milliseconds: 1_700_000_000_000 + $0 * 997), using: &random)
        }
        #expect(ids == ids.sorted())
        #expect(ids.map(\.description) == ids.map(\.description).sorted())
        #expect(zip(ids, ids.dropFirst()).allSatisfy { $0.bytes.lexicographicallyPrecedes($1.bytes) })
    }

    @Test("ids of one millisecond differ")
    func difference() {
        var random = SeededRandom(seed: 2)
        let ids = (0..<1_000).map { _ in MessageID(time: Timestamp(seconds: 1), using: &random) }
        #expect(Set(ids).count == 1_000)
    }

    @Test("a clock before 1970 or far ahead makes an id all the same", arguments: [Timestamp.earliest, .latest])
    func extremes(time: Timestamp) throws {
        var random = SeededRandom(seed: 3)
        let id = MessageID(time: time, using: &random)
        #expect(id.time == max(time, Timestamp(seconds: 0)))
        #expect(try MessageID(parsing: id.description) == id)
    }

    @Test(
        "what is no UUID is told with the offset of the first wrong character",
        arguments: [
            ("", 0, "expected 36 characters"),
            ("017f22e2", 8, "expected 36 characters"),
            ("017f22e2x79b0", 8, "expected \"-\""),
            ("017f22e279b07cc398c4dc0c0c07398f", 8, "expected \"-\""),
            ("017g22e2-79b0-7cc3-98c4-dc0c0c07398f", 3, "expected a hexadecimal digit"),
            ("{17f22e2-79b0-7cc3-98c4-dc0c0c07398f", 0, "expected a hexadecimal digit"),
            ("017f22e2-79b0-7cc3-98c4-dc0c0c07398f0", 36, "expected the end after 36 characters"),
        ])
    func faults(text: String, offset: Int, reason: String) {
        #expect(throws: MessageError.badMessageID(text: text, offset: offset, reason: reason)) {
            try MessageID(parsing: text)
        }
    }

    @Test("only sixteen bytes make an id", arguments: [0, 15, 17])
    func byteCount(count: Int) {
        #expect(MessageID(bytes: [UInt8](repeating: 1, count: count)) == nil)
    }
}
