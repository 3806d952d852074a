/// What an ``HTTPServer`` does with requests.
public protocol HTTPHandler: Sendable {
    /// How many bytes the body of this request may have; asked before the body is read, more is answered with 413.
    func bodyLimit(for head: HTTPRequestHead) -> Int

    /// Tells whether this request is answered while its body comes, by ``HTTPRequest/bodyReader``; false if not defined.
    func streamsBody(for head: HTTPRequestHead) -> Bool

    /// Answers a request; runs on the connection's loop, so it must not block.
    ///
    /// It is not cancelled when the client goes away, as what it has begun should be brought to an end.
    func respond(to request: HTTPRequest) async -> HTTPResponse

    /// Learns of a request that the server has refused by itself; does nothing if not defined.
    func didRefuse(_ request: HTTPRefusedRequest)
}

extension HTTPHandler {
    /// Bodies are read whole before the request is answered.
    public func streamsBody(for head: HTTPRequestHead) -> Bool { false }

    /// Nothing is to be done.
    public func didRefuse(_ request: HTTPRefusedRequest) {}
}
