/// A seed that once found a fault, and runs before all others from then on.
package struct KnownSeed: Sendable {
    /// What it must not find again.
    package let name: String
    /// The seed.
    package let seed: UInt64

    /// All of them.
    package static let all: [KnownSeed] = []
}
