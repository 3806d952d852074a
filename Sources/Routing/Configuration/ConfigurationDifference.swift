/// What a reload changes: which mailboxes have to be started, stopped and started anew.
public struct ConfigurationDifference: Sendable, Hashable {
    /// Mailboxes that only the new configuration has.
    public var added: [String] = []
    /// Mailboxes that only the old one has.
    public var removed: [String] = []
    /// Mailboxes with other settings or another adapter.
    public var changed: [String] = []
    /// Mailboxes that stay as they are, and connected.
    public var unchanged: [String] = []
    /// The settings of the router that only a restart changes, by their keys, as in `router.listen`.
    public var needsRestart: [String] = []
}

extension RouterConfiguration {
    /// Tells what changes when this configuration takes the place of the old one; names are in the order of the files.
    public func difference(from old: RouterConfiguration) -> ConfigurationDifference {
        var difference = ConfigurationDifference()
        for mailbox in mailboxes {
            switch old[mailbox: mailbox.name] {
            case nil: difference.added.append(mailbox.name)
            case mailbox?: difference.unchanged.append(mailbox.name)
            case _?: difference.changed.append(mailbox.name)
            }
        }
        difference.removed = old.mailboxes.map(\.name).filter { self[mailbox: $0] == nil }
        difference.needsRestart = router.changesForRestart(from: old.router)
        return difference
    }
}

extension RouterSettings {
    /// The keys that only a restart changes, of those that are other than they were.
    ///
    /// Certificates, what HTTP clients may do, and the limits of a message are taken up while the router runs.
    fileprivate func changesForRestart(from old: RouterSettings) -> [String] {
        [
            ("router.name", name != old.name), ("router.data", data != old.data),
            ("router.listen", listen != old.listen),
            // A listener speaks TLS, or offers it, from its beginning.
            ("router.tls", tls.certificates.isEmpty != old.tls.certificates.isEmpty),
            ("router.smtp.require_login", mail.requiresLogin != old.mail.requiresLogin),
            ("router.http.idle_timeout", http.idleTimeout != old.http.idleTimeout),
            ("router.proxy", proxy != old.proxy),
            ("router.limits.spool", limits.spool != old.limits.spool),
            ("router.http.connections", http.connections != old.http.connections),
            ("router.retention", retention != old.retention),
        ].filter(\.1).map(\.0)
    }
}
