package import Messages

/// An attempt as the far side saw it.
package final class Attempt {
    /// What was to be delivered.
    package let dispatch: Dispatch
    /// Which life of the router made it, from 1.
    package let life: Int
    /// When it began, by the clock on the wall, and how often that had been set by then.
    package let started: Timestamp
    let jumps: Int
    /// When it began, in the order of all that the ledger holds.
    let order: Int
    /// When the platform took the message, in the same order.
    package internal(set) var taken: Int?
    /// What the router was told, and when.
    package internal(set) var receipt: Receipt?
    var answered: (order: Int, time: Timestamp, jumps: Int)?
    /// The platform's wish.
    var retryAfter: Duration?
    /// The platform said so, and has it not.
    var isLie = false

    init(_ dispatch: Dispatch, life: Int, started: Timestamp, jumps: Int, order: Int) {
        self.dispatch = dispatch
        self.life = life
        self.started = started
        self.jumps = jumps
        self.order = order
    }
}
