import Files

/// Where a router was in its life, and where it died: what no crash has come to is not proved.
package struct Coverage: Sendable {
    /// A place, and whether a crash came to it.
    private typealias Places<Key: Hashable & Sendable> = [Key: Bool]

    /// What is done to which file.
    private struct Operation: Hashable, Sendable {
        let operation: DiskOperation
        let path: String

        /// The same for all files of one kind.
        var kind: String {
            let name = path.split(separator: "/").last.map(String.init) ?? "/"
            let file = name.hasSuffix(".tmp") ? "a temporary file" : path.contains("/blobs/") ? "a blob" : name
            return "\(operation.rawValue) \(file)"
        }
    }

    private var operations: Places<Operation> = [:]
    /// The operations of the disk in a life, counted from its start.
    private var indices: Places<Int> = [:]
    /// The addresses of the code that tasks go on with.
    private var awaits: Places<UInt> = [:]

    /// Creates an empty one.
    package init() {}

    mutating func saw(_ request: DiskRequest, index: Int, isCrash: Bool) {
        let operation = Operation(operation: request.operation, path: request.path.text)
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
        let kinds = Dictionary(operations.map { ($0.key.kind, $0.value) }) { $0 || $1 }
        let firstGap = (1...).first { indices[$0] != true } ?? 0
        let missing = kinds.filter { !$0.value }.keys.sorted()
        return [
            "crashes came to \(Self.share(kinds)) kinds of operations of the disk"
                + (missing.isEmpty ? "" : ", none to: \(missing.joined(separator: ", "))"),
            "crashes came to each of the first \(firstGap - 1) operations of the disk in a life",
            "crashes came to \(Self.share(awaits)) places where a task goes on after an await, or begins",
        ]
    }

    private static func share<Key>(_ places: Places<Key>) -> String {
        "\(places.values.count { $0 }) of \(places.count)"
    }
}
