import Synchronization
import Transport

/// The handler of the moment; a reload swaps it whole, requests under way keep the old one.
final class SwappableHandler: HTTPHandler {
    private let current = Mutex<any HTTPHandler>(HTTPRouter([]))

    /// Answers by this handler from now on.
    func use(_ handler: any HTTPHandler) {
        current.withLock { $0 = handler }
    }

    func bodyLimit(for head: HTTPRequestHead) -> Int {
        current.withLock { $0 }.bodyLimit(for: head)
    }

    func streamsBody(for head: HTTPRequestHead) -> Bool {
        current.withLock { $0 }.streamsBody(for: head)
    }

    func respond(to request: HTTPRequest) async -> HTTPResponse {
        await current.withLock { $0 }.respond(to: request)
    }

    func didRefuse(_ request: HTTPRefusedRequest) {
        current.withLock { $0 }.didRefuse(request)
    }
}
