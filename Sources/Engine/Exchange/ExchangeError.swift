/// Why the engine did not do what an operator asked for.
public enum ExchangeError: Error, Sendable, Hashable {
    /// There is no mailbox of this name.
    case noMailbox(name: String, known: [String])
    /// Nothing can be sent to this address.
    case noRecipient(address: String, reason: String, nearest: String?)
    /// The spool failed.
    case spool(String)
}

extension ExchangeError: CustomStringConvertible {
    /// What happened, and what to do.
    public var description: String {
        switch self {
        case .noMailbox(let name, let known):
            "no mailbox named \"\(name)\"; routes.yaml has \(known.isEmpty ? "none" : known.joined(separator: ", "))"
        case .noRecipient(let address, let reason, let nearest):
            "nothing can be sent to \(address): \(reason)" + (nearest.map { "; did you mean \"\($0)\"?" } ?? "")
        case .spool(let text): text
        }
    }
}
