import TestSupport

/// What chance decides, by one stream of numbers.
struct Chance {
    private(set) var random: SeededRandom

    /// A stream that belongs to a seed and a name, and has nothing to do with others of the seed.
    init(seed: UInt64, name: String) {
        random = SeededRandom(seed: seed ^ TraceHash.of(name))
    }

    mutating func happens(_ share: Double) -> Bool {
        share > 0 && Double.random(in: 0..<1, using: &random) < share
    }

    mutating func pick<Value>(_ values: [Value]) -> Value {
        values[Int.random(in: 0..<values.count, using: &random)]
    }

    mutating func number<Number: FixedWidthInteger>(_ range: ClosedRange<Number>) -> Number {
        Number.random(in: range, using: &random)
    }

    mutating func seconds(_ range: ClosedRange<Int64>) -> Duration { .seconds(number(range)) }
}
