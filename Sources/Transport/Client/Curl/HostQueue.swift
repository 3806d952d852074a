/// Which transfers may run, and in what order the others follow: so many to one host, so many in all, the hosts in turn.
///
/// The first transfer to a host that may multiplex goes alone until its connection stands, so that the next ones can
/// share it. curl could do both (`CURLMOPT_MAX_HOST_CONNECTIONS`, `CURLOPT_PIPEWAIT`), but keeps one line for all hosts,
/// in which those of a slow host hold up the others.
struct HostQueue<Transfer: AnyObject> {
    /// How many transfers may run.
    struct Limits {
        /// To a host whose transfers have a connection each.
        var perHost: Int
        /// To a host whose transfers share connections.
        var perSharingHost: Int
        /// To all hosts.
        var inAll: Int
        /// How many may wait for one host.
        var waiting: Int
    }

    private struct Host {
        var running = 0
        var waiting: [Transfer] = []
        /// Whether the first connection is on its way, and what it can do therefore unknown.
        var isOpening = false
        /// Whether its transfers are known to share a connection, or not to.
        var isSharing: Bool?
    }

    private let limits: Limits
    private var hosts: [HostKey: Host] = [:]
    /// The hosts somebody waits for, the longest unserved first.
    private var turns: [HostKey] = []
    private(set) var running = 0

    init(_ limits: Limits) {
        self.limits = limits
    }
}

/// What a limit for hosts counts by.
struct HostKey: Hashable {
    let origin: String
    let security: HTTPClientSecurity
    /// Whether a connection may turn out to take many transfers at one time.
    let mayShare: Bool
}

/// What becomes of a transfer.
enum HostQueueVerdict {
    case start
    case wait
    case refuse
}

extension HostQueue {
    /// Lets a transfer in, or puts it at the end of its host's line.
    mutating func add(_ transfer: Transfer, to key: HostKey) -> HostQueueVerdict {
        var host = hosts[key] ?? Host()
        defer { hosts[key] = host }
        if host.waiting.isEmpty, hasRoom(host) {
            begin(&host, key)
            return .start
        }
        guard host.waiting.count < limits.waiting else { return .refuse }
        if host.waiting.isEmpty { turns.append(key) }
        host.waiting.append(transfer)
        return .wait
    }

    /// Takes a transfer out of its line; false when it does not wait.
    mutating func remove(_ transfer: Transfer, from key: HostKey) -> Bool {
        guard let index = hosts[key]?.waiting.firstIndex(where: { $0 === transfer }) else { return false }
        hosts[key]?.waiting.remove(at: index)
        tidy(key)
        return true
    }

    /// The connection of a transfer stands.
    mutating func opened(_ key: HostKey) {
        hosts[key]?.isOpening = false
    }

    /// It has shown whether transfers to this host share a connection.
    mutating func learned(_ key: HostKey, isSharing: Bool) {
        hosts[key]?.isSharing = isSharing
    }

    /// A transfer that had started has ended.
    mutating func ended(_ key: HostKey) {
        running -= 1
        hosts[key]?.running -= 1
        if hosts[key]?.isOpening == true {
            // It failed before the connection stood: whoever waits finds out for himself, all at one time.
            hosts[key]?.isOpening = false
            hosts[key]?.isSharing = false
        }
        tidy(key)
    }

    /// The next transfer that may start, or nil; the hosts take turns.
    mutating func next() -> Transfer? {
        guard running < limits.inAll else { return nil }
        for index in turns.indices {
            let key = turns[index]
            guard var host = hosts[key], hasRoom(host) else { continue }
            let transfer = host.waiting.removeFirst()
            turns.remove(at: index)
            if !host.waiting.isEmpty { turns.append(key) }
            begin(&host, key)
            hosts[key] = host
            return transfer
        }
        return nil
    }

    /// Takes everyone out who waits.
    mutating func removeWaiting() -> [Transfer] {
        defer { turns = [] }
        return turns.flatMap { key in
            defer { hosts[key]?.waiting = [] }
            return hosts[key]?.waiting ?? []
        }
    }

    private mutating func begin(_ host: inout Host, _ key: HostKey) {
        if key.mayShare, host.running == 0, host.isSharing != false { host.isOpening = true }
        host.running += 1
        running += 1
    }

    private func hasRoom(_ host: Host) -> Bool {
        !host.isOpening && running < limits.inAll
            && host.running < (host.isSharing == true ? limits.perSharingHost : limits.perHost)
    }

    /// Forgets a host nobody runs to or waits for.
    private mutating func tidy(_ key: HostKey) {
        guard let host = hosts[key] else { return }
        if host.waiting.isEmpty { turns.removeAll { $0 == key } }
        if host.running == 0, host.waiting.isEmpty { hosts[key] = nil }
    }
}
