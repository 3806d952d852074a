import Configuration

/// The proxy by which the router's own HTTP requests go out: `router.proxy` in routes.yaml.
public struct OutgoingProxySettings: Sendable, Hashable {
    /// Its URL, which may hold a password.
    public var url: PlacedText
    /// Hosts that are reached without it.
    public var exceptions: [PlacedText]

    /// Creates settings.
    public init(url: PlacedText, exceptions: [PlacedText] = []) {
        self.url = url
        self.exceptions = exceptions
    }
}

extension OutgoingProxySettings {
    /// Reads the checked settings; `nil` without any.
    init?(_ settings: SettingsObject?) {
        guard let settings, settings.isValid, let url = PlacedText(settings.value("url")) else { return nil }
        self.init(url: url, exceptions: settings.list("except").compactMap { PlacedText($0) })
    }
}

extension OutgoingProxySettings: CustomStringConvertible {
    /// The exceptions alone: the URL may hold a password.
    public var description: String { "a proxy, except for \(exceptions.map(\.text).joined(separator: ", "))" }
}
