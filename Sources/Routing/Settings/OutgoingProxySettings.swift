import Configuration

/// The proxy by which the router's own HTTP requests go out: `router.proxy` in routes.yaml.
public struct OutgoingProxySettings: Sendable, Hashable {
    /// Its URL, which may hold a password.
    public var url: String
    /// Hosts that are reached without it.
    public var exceptions: [String]

    /// Creates settings.
    public init(url: String, exceptions: [String] = []) {
        self.url = url
        self.exceptions = exceptions
    }
}

extension OutgoingProxySettings {
    /// Reads the checked settings; what is still wrong with them is reported.
    init?(_ settings: SettingsObject?, diagnostics: inout Diagnostics) {
        guard let settings, settings.isValid else { return nil }
        self.init(url: settings.string("url"), exceptions: settings.strings("except"))
        let schemes = ["http", "https", "socks5", "socks5h"]
        if !schemes.contains(where: { url.lowercased().hasPrefix("\($0)://") }) {
            diagnostics.error(
                "expected a URL that begins with http://, https://, socks5:// or socks5h://",
                at: settings.position(of: "url"), keyPath: settings.keyPath(of: "url"))
        }
    }
}

extension OutgoingProxySettings: CustomStringConvertible {
    /// The exceptions alone: the URL may hold a password.
    public var description: String { "a proxy, except for \(exceptions)" }
}
