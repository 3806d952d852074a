import Routing
import Transport

extension HTTPClientConfiguration {
    /// What the router's own requests go out by.
    ///
    /// - Throws: `HTTPProxyError` or `HTTPProxyExceptionError`.
    init(_ settings: RouterSettings) throws {
        self.init()
        guard let proxy = settings.proxy else { return }
        self.proxy = try HTTPProxy(proxy.url.text)
        proxyExceptions = try HTTPProxyExceptions(proxy.exceptions.map(\.text).joined(separator: ","))
    }
}
