/// One request and its response on a connection of HTTP/2; used on the loop's thread only.
final class HTTP2Stream {
    /// What becomes of the request's body.
    enum Input {
        /// There is none, or it has come to its end.
        case none
        /// It is kept until it is whole; no more bytes than the limit.
        case collected(limit: Int)
        /// The handler reads it as it comes; no more bytes than the limit.
        case streamed(HTTPBodyReader, limit: Int)
        /// It is one direction of a stream of bytes.
        case raw(HTTP2Inbox)
        /// It is read and thrown away, as the response does not depend on it.
        case discarded
    }

    /// The stream's number (RFC 9113 §5.1.1).
    let id: Int32
    /// Where the connection keeps it.
    var position: Int
    /// The header block that is coming, or has come and not been used.
    var block: HTTP2FieldBlock?

    /// The request, until a handler gets it.
    var request: HTTPRequest?
    /// Tells whether the request is HEAD, so that the response has no body.
    var isHead = false
    var input = Input.none
    /// The fields behind the body of the request.
    var trailers = HTTPFields()
    /// How many bytes of the body have come.
    var received = 0
    /// How many of them the client is still to be given credit for.
    var unconsumed = 0
    /// Tells whether the client has ended its side.
    var hasEnded = false

    /// Tells whether the response has begun.
    var isAnswered = false
    var output = HTTP2Outbound()
    /// Those who wait until less of the body waits.
    var writers: [HTTP2Writer] = []
    /// Stops what makes the body of the response.
    var cancelProducer: (() -> Void)?

    /// Since when the body is waited for, in milliseconds of the loop, without the time in which the application was
    /// waited for.
    var receiveStart: Int64?
    /// Since when the application is waited for.
    var receivePause: Int64?
    /// Since when something waits to be sent.
    var sendStart: Int64?
    /// How much was sent since then.
    var sent = 0
    /// When a client that goes on sending behind the response is stopped.
    var resetDeadline: Int64?
    /// Tells whether the stream is over for both sides.
    var isClosed = false

    init(id: Int32, position: Int) {
        self.id = id
        self.position = position
    }
}

/// A task that waits until a stream takes more bytes.
struct HTTP2Writer {
    let ticket: StreamTicket
    /// In milliseconds of the loop.
    let deadline: Int64?
    let continuation: CheckedContinuation<Result<Void, TransportError>, Never>

    func resume(_ result: Result<Void, TransportError>) {
        continuation.resume(returning: result)
    }
}
