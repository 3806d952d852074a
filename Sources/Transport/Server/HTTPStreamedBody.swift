import Synchronization

/// Gives the body of a request of HTTP/1.1 to an endpoint that asks for it piece by piece, from any task.
final class HTTPStreamedBody<Stream: ByteStream>: HTTPBodySource {
    private let feed: LoopBound<HTTPBodyFeed<Stream>>
    private let lastFields = Mutex(HTTPFields())

    init(_ feed: HTTPBodyFeed<Stream>, on loop: EventLoop) {
        self.feed = LoopBound(feed, to: loop)
    }

    var trailers: HTTPFields { lastFields.withLock { $0 } }

    func next() async throws(HTTPBodyError) -> [UInt8]? {
        try await withTaskExecutorPreference(feed.loop) { [feed] () async throws(HTTPBodyError) in
            // A reader may be kept for longer than the loop lives.
            guard feed.loop.inLoop else { throw .lost }
            let body = feed.value
            let piece = try await body.next()
            if piece == nil { lastFields.withLock { [trailers = body.trailers] in $0 = trailers } }
            return piece
        }
    }
}
