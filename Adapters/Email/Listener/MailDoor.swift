public import Clocks
public import Transport

/// What stands between clients and the mail.
public struct MailDoor: Sendable {
    /// How TLS comes to the connections.
    public var protection: MailProtection
    /// Learns from proxies who their clients are; `nil` when there are none.
    public var gate: ProxyProtocolGate?
    /// The time, for the counts of wrong passwords.
    public var clock: any WallClock

    /// Creates a door; without arguments an open one.
    public init(
        protection: MailProtection = .none, gate: ProxyProtocolGate? = nil, clock: any WallClock = SystemClock()
    ) {
        self.protection = protection
        self.gate = gate
        self.clock = clock
    }
}

/// How TLS comes to the connections of a mail listener.
public enum MailProtection: Sendable {
    /// It does not.
    case none
    /// By STARTTLS, if the client wants it (RFC 3207).
    case startTLS(TLSServerContext)
    /// From the first byte (RFC 8314).
    case implicit(TLSServerContext)

    /// Whether STARTTLS is offered.
    var isOffered: Bool { if case .startTLS = self { true } else { false } }
}
