/// Where a router was in its life, and where it died: what no crash has come to is not proved.
package struct Coverage: Sendable {
    /// A place, and whether a crash came to it.
    private typealias Places<Key: Hashable & Sendable> = [Key: Bool]

    /// What is done to which kind of file.
    private var operations: Places<String> = [:]
    /// The operations of the disk in a life, counted from its start.
    private var indices: Places<Int> = [:]
    /// The addresses of the code that tasks go on with.
    private var awaits: Places<UInt> = [:]

    /// Creates an empty one.
    package init() {}

    mutating func saw(operation: String, index: Int, isCrash: Bool) {
        operations[operation] = operations[operation] ?? false || isCrash
        indices[index] = indices[index] ?? false || isCrash
    }

    mutating func saw(await address: UInt, isCrash: Bool) {
        awaits[address] = awaits[address] ?? false || isCrash
    }

    /// Adds what another run saw.
    package mutating func merge(_ other: Coverage) {
        operations.merge(other.operations) { $0 || $1 }
        indices.merge(other.indices) { $0 || $1 }
        awaits.merge(other.awaits) { $0 || $1 }
    }

    /// What it comes to, in lines.
    package var summary: [String] {
        let firstGap = (1...).first { indices[$0] != true } ?? 0
        let missing = operations.filter { !$0.value }.keys.sorted()
        return [
            "crashes came to \(Self.share(operations)) kinds of operations of the disk"
                + (missing.isEmpty ? "" : ", none to: \(missing.joined(separator: ", "))"),
            "crashes came to each of the first \(firstGap - 1) operations of the disk in a life",
            "crashes came to \(Self.share(awaits)) places where a task goes on after an await, or begins",
        ]
    }

    private static func share<Key>(_ places: Places<Key>) -> String {
        "\(places.values.count { $0 }) of \(places.count)"
    }
}
