/// Something that stands between the server and the endpoints: it may change a request, answer it itself, or change the
/// answer.
///
/// A response whose body is a stream passes with its body unread: what wants to know of its end wraps the closure.
public protocol HTTPMiddleware: Sendable {
    /// Answers a request, usually by asking `next`.
    func respond(to request: HTTPRequest, next: any HTTPHandler) async -> HTTPResponse

    /// Learns of a request that the server has refused by itself; does nothing if not defined.
    func didRefuse(_ request: HTTPRefusedRequest)
}

extension HTTPMiddleware {
    /// Nothing is to be done.
    public func didRefuse(_ request: HTTPRefusedRequest) {}
}

/// A handler behind middleware; put together once, not for each request.
public struct HTTPMiddlewareChain: HTTPHandler {
    private struct Link: HTTPHandler {
        let middleware: any HTTPMiddleware
        let next: any HTTPHandler

        func bodyLimit(for head: HTTPRequestHead) -> Int { next.bodyLimit(for: head) }

        func streamsBody(for head: HTTPRequestHead) -> Bool { next.streamsBody(for: head) }

        func respond(to request: HTTPRequest) async -> HTTPResponse {
            await middleware.respond(to: request, next: next)
        }

        func didRefuse(_ request: HTTPRefusedRequest) {
            middleware.didRefuse(request)
            next.didRefuse(request)
        }
    }

    private let first: any HTTPHandler
    private let handler: any HTTPHandler

    /// Puts middleware in front of a handler; the first one sees a request first and its answer last.
    public init(_ middleware: [any HTTPMiddleware], around handler: any HTTPHandler) {
        self.handler = handler
        first = middleware.reversed().reduce(handler) { next, middleware in Link(middleware: middleware, next: next) }
    }

    /// What the handler says.
    public func bodyLimit(for head: HTTPRequestHead) -> Int { handler.bodyLimit(for: head) }

    /// What the handler says.
    public func streamsBody(for head: HTTPRequestHead) -> Bool { handler.streamsBody(for: head) }

    /// Asks the middleware in its order.
    public func respond(to request: HTTPRequest) async -> HTTPResponse {
        await first.respond(to: request)
    }

    /// Tells the middleware and the handler.
    public func didRefuse(_ request: HTTPRefusedRequest) { first.didRefuse(request) }
}
