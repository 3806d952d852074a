import AdapterKit
import Configuration

/// The settings of one mailbox, ready for use.
struct PullSettings: Sendable {
    /// The tokens that let in.
    let tokens: TokenTable<String>
    /// Whether programs of this machine need no token.
    let isOpen: Bool
    /// How long a lease lasts when the program does not say.
    let lease: Duration
    /// The most bytes of a message with its files.
    let bodyLimit: Int

    /// Reads the settings.
    ///
    /// - Throws: `AdapterError.badSettings` for empty tokens.
    init(_ settings: SettingsObject) throws(AdapterError) {
        var diagnostics = Diagnostics()
        var entries: [(token: Secret, holder: String)] = []
        for entry in settings.map("tokens") {
            guard let token = entry.value.secret, !token.isEmpty else {
                diagnostics.error("the token is empty", at: entry.value.position, keyPath: entry.value.keyPath)
                continue
            }
            entries.append((token, entry.name))
        }
        tokens = TokenTable(entries)
        isOpen = entries.isEmpty && !settings.isGiven("tokens")
        lease = settings.duration("lease")
        bodyLimit = settings.byteCount("max_body").bytes
        guard !diagnostics.hasErrors else { throw .badSettings(diagnostics.all) }
    }
}
