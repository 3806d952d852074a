/// What an ``HTTPServer`` does with requests.
public protocol HTTPHandler: Sendable {
    /// How many bytes the body of this request may have; asked before the body is read, more is answered with 413.
    func bodyLimit(for head: HTTPRequestHead) -> Int

    /// Answers a request; runs on the connection's loop, so it must not block.
    ///
    /// It is not cancelled when the client goes away, as what it has begun should be brought to an end.
    func respond(to request: HTTPRequest) async -> HTTPResponse
}
