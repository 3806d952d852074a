/// A seed that once found a fault, and runs before all others from then on.
package struct KnownSeed: Sendable {
    /// What it must not find again.
    package let name: String
    /// The seed.
    package let seed: UInt64
    /// The features that it had then.
    package let features: Set<Feature>

    /// All of them.
    package static let all: [KnownSeed] = [
        KnownSeed(name: "the log stays after power loss though its maker died at once", seed: 194, features: []),
        KnownSeed(name: "so does one that was made after an orderly stop", seed: 482, features: []),
    ]
}
