import Transport

/// Who may log in, and who has tried too often.
struct MailAccounts: Sendable {
    private struct Failures {
        var count: Int
        let since: Int64
    }

    private var users: [String: MailUser] = [:]
    private var failures: [Client: Failures] = [:]

    /// Where a login comes from: an address, or, as one end has many, the network of an IPv6 address.
    enum Client: Hashable, Sendable {
        case v4(UInt32)
        case v6(network: UInt64)
        case local

        init(_ address: SocketAddress) {
            switch address.ip {
            case .v4(let bits): self = .v4(bits)
            case .v6(let upper, _, _): self = .v6(network: upper)
            case nil: self = .local
            }
        }
    }

    var isEmpty: Bool { users.isEmpty }

    /// How many clients are remembered for wrong passwords.
    var watchedClients: Int { failures.count }

    /// Replaces the users; failures stay counted.
    mutating func update(_ users: [MailUser]) {
        self.users = users.reduce(into: [:]) { $0[$1.identity.name] = $1 }
    }

    /// Whether the user is known, so that its name may stand in the log.
    func knows(_ name: String) -> Bool { users[name] != nil }

    /// Judges a login; `now` is in seconds.
    mutating func verdict(_ login: MailLogin, from client: Client, now: Int64) -> LoginVerdict {
        if let known = failures[client] {
            if !(0..<Self.window).contains(now - known.since) {
                failures[client] = nil
            } else if known.count >= Self.limit {
                return .tooMany
            }
        }
        // A digest is made for unknown users too, so that the time tells nothing.
        if let user = users[login.name] ?? users.values.first, user.hasPassword(login.password),
            user.identity.name == login.name
        {
            failures[client] = nil
            return .accepted(user.identity)
        }
        count(client, now)
        return .refused
    }

    private mutating func count(_ client: Client, _ now: Int64) {
        if failures.count >= Self.maximalClients, failures[client] == nil {
            failures = failures.filter { (0..<Self.window).contains(now - $0.value.since) }
            // Under an attack from everywhere the oldest are forgotten together.
            if failures.count >= Self.maximalClients { failures = [:] }
        }
        failures[client, default: Failures(count: 0, since: now)].count += 1
    }

    /// So many wrong passwords from one client within so many seconds.
    private static var limit: Int { 20 }
    private static var window: Int64 { 600 }
    private static var maximalClients: Int { 10_000 }
}
