import Synchronization
import Transport

/// The endpoints of the moment; a reload swaps them in whole, requests under way keep the old ones.
final class SwappableHandler: HTTPHandler {
    private let current = Mutex(HTTPRouter([]))

    /// Answers by these endpoints from now on.
    func use(_ router: HTTPRouter) {
        current.withLock { $0 = router }
    }

    func bodyLimit(for head: HTTPRequestHead) -> Int {
        current.withLock { $0 }.bodyLimit(for: head)
    }

    func respond(to request: HTTPRequest) async -> HTTPResponse {
        await current.withLock { $0 }.respond(to: request)
    }
}
