import Clocks
import Logging
import Routing
import Transport

/// What a router shows to its clients, whichever listener they come by.
struct RouterFront: Sendable {
    /// The endpoints.
    let endpoints: RouterEndpoints
    /// What the listeners with TLS show; nil when no certificate is named.
    let certificates: RouterCertificates?

    /// Sets up what the settings say, without any endpoints.
    ///
    /// - Throws: what is wrong with a certificate, or another setting.
    init(_ settings: RouterSettings, clock: any WallClock, logger: Logger) throws {
        endpoints = try RouterEndpoints(settings.http, logger: logger)
        certificates = try RouterCertificates(settings.tls, clock: clock)
    }
}
