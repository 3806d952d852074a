import Simulation

/// What is to be simulated.
struct Options {
    /// How the program is called.
    static let usage = """
        usage: simulate [--seeds N] [--first N] [--part I/N] [--mutation NAME] [--mutations] [--junit FILE]
               simulate --seed N [--events N] [--mutation NAME]

        --seeds N     run so many seeds
        --first N     from this one (1)
        --part I/N    only every Nth of them and of the mutations, from the Ith (0) on
        --mutations   break the router on purpose, in each way there is, and see that it is found
        --junit FILE  write what passed and failed
        --seed N      run one seed and show all that happens
        --events N    only the first events of its plan
        --mutation M  with this fault
        """

    var seeds: UInt64 = 0
    var first: UInt64 = 1
    var part: UInt64 = 0
    var parts: UInt64 = 1
    var hasMutations = false
    var report: String?
    var seed: UInt64?
    var events: Int?
    var mutation: Mutation?

    /// Reads arguments; `nil` when they make no sense.
    init?(_ arguments: ArraySlice<String>) {
        var rest = arguments
        while let name = rest.popFirst() {
            if name == "--mutations" {
                hasMutations = true
                continue
            }
            guard let value = rest.popFirst(), take(name, value) else { return nil }
        }
        guard seeds > 0 || hasMutations || seed != nil else { return nil }
    }

    private mutating func take(_ name: String, _ value: String) -> Bool {
        switch name {
        case "--seeds": return set(&seeds, UInt64(value))
        case "--first": return set(&first, UInt64(value))
        case "--part":
            let numbers = value.split(separator: "/").compactMap { UInt64($0) }
            guard numbers.count == 2, numbers[0] < numbers[1] else { return false }
            (part, parts) = (numbers[0], numbers[1])
            return true
        case "--junit":
            report = value
            return true
        case "--seed":
            seed = UInt64(value)
            return seed != nil
        case "--events":
            events = Int(value)
            return events != nil
        case "--mutation":
            mutation = Mutation(rawValue: value)
            return mutation != nil
        default: return false
        }
    }

    private func set(_ target: inout UInt64, _ value: UInt64?) -> Bool {
        guard let value else { return false }
        target = value
        return true
    }
}
