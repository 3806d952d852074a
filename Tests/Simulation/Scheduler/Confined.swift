/// A value that is used by the thread of one simulation alone.
package struct Confined<Value> {
    /// The value.
    package let value: Value

    /// Confines a value.
    package init(_ value: Value) {
        self.value = value
    }
}

/// A simulation runs everything on the thread that calls `Simulation.run`: the hooks hand every job of Swift to that
/// thread's ``JobScheduler``, the spool's threads are turns of it, and nothing in a simulation starts another thread.
extension Confined: @unchecked Sendable {}
