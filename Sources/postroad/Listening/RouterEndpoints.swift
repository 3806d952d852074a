import Logging
import Routing
import Synchronization
import Transport

/// What the listeners for HTTP answer with: the same endpoints for everybody, with middleware before them for all but the
/// operator.
final class RouterEndpoints: Sendable {
    /// For `router.listen.http` and `.https`.
    let visitors = SwappableHandler()
    /// For the control socket.
    let operators = SwappableHandler()

    private struct Current {
        var router = HTTPRouter([])
        var settings: HTTPSettings
        var middleware: [any HTTPMiddleware]
    }

    private let current: Mutex<Current>
    private let logger: Logger

    /// Creates them without any endpoint.
    ///
    /// - Throws: `TransportError` for a network that is none.
    init(_ settings: HTTPSettings, logger: Logger) throws(TransportError) {
        self.logger = logger
        current = Mutex(Current(settings: settings, middleware: try settings.middleware(logger: logger)))
    }

    /// Answers with these endpoints from now on; requests under way keep the old ones.
    func use(_ router: HTTPRouter) {
        current.withLock { current in
            current.router = router
            apply(current)
        }
    }

    /// Treats clients by these settings from now on.
    ///
    /// What is counted of clients stays when nothing has changed.
    ///
    /// - Throws: `TransportError` for a network that is none; then nothing has changed.
    func use(_ settings: HTTPSettings) throws(TransportError) {
        let middleware = try settings.middleware(logger: logger)
        current.withLock { current in
            guard settings != current.settings else { return }
            current.settings = settings
            current.middleware = middleware
            apply(current)
        }
    }

    private func apply(_ current: Current) {
        operators.use(current.router)
        visitors.use(HTTPMiddlewareChain(current.middleware, around: PublicHandler(handler: current.router)))
    }
}
