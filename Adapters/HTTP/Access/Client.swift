import Messages

/// Who sent a request, once that is known.
struct Client: Sendable, Hashable {
    /// The name of the token, `local` for a program of this machine, or the sender of signed requests.
    let name: String
    /// Whom its messages come from.
    let address: Address
    /// Whether a secret proved it.
    let isAuthenticated: Bool
}
