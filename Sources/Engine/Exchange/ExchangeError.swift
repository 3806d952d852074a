/// Why the engine did not do what an operator asked for.
public enum ExchangeError: Error, Sendable, Hashable {
    /// There is no mailbox of this name.
    case noMailbox(name: String, known: [String])
    /// The spool failed.
    case spool(String)
}

extension ExchangeError: CustomStringConvertible {
    /// What happened, and what to do.
    public var description: String {
        switch self {
        case .noMailbox(let name, let known):
            "no mailbox named \"\(name)\"; routes.yaml has \(known.isEmpty ? "none" : known.joined(separator: ", "))"
        case .spool(let text): text
        }
    }
}
