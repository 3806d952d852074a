import Transport

/// The endpoints as clients of a listener see them.
///
/// Whoever can open the control socket is the operator, and endpoints know that one by its being a Unix socket. The
/// sockets of `router.listen.http` are others: proxies come by them, and with these the whole world. So their clients
/// have no address at all here, unless a trusted proxy has told one.
struct PublicHandler: HTTPHandler {
    let handler: any HTTPHandler

    func bodyLimit(for head: HTTPRequestHead) -> Int { handler.bodyLimit(for: Self.stranger(head)) }

    func streamsBody(for head: HTTPRequestHead) -> Bool { handler.streamsBody(for: Self.stranger(head)) }

    func respond(to request: HTTPRequest) async -> HTTPResponse {
        guard request.isOverUnixSocket else { return await handler.respond(to: request) }
        var request = request
        request.head = Self.stranger(request.head)
        return await handler.respond(to: request)
    }

    func didRefuse(_ request: HTTPRefusedRequest) {
        var request = request
        request.head = request.head.map(Self.stranger)
        if request.remoteAddress.isUnix { request.remoteAddress = Self.nowhere }
        handler.didRefuse(request)
    }

    private static func stranger(_ head: HTTPRequestHead) -> HTTPRequestHead {
        guard head.isOverUnixSocket else { return head }
        var head = head
        head.remoteAddress = nowhere
        return head
    }

    private static let nowhere = SocketAddress.ip(.v4(0), port: 0)
}
