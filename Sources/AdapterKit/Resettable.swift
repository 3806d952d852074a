/// An adapter that disables things on its own, and can be told to try them again.
public protocol Resettable: Adapter {
    /// Forgets what has been disabled: `postroad mailboxes reset`.
    func reset() async throws
}
