/// Where a body reader gets its pieces when they are read on demand, as from a connection of HTTP/1.1.
protocol HTTPBodySource: Sendable {
    /// The next bytes, at least one, or nil at the body's end; one task asks at a time.
    func next() async throws(HTTPBodyError) -> [UInt8]?

    /// The trailer fields that may stand there, once `next` has returned nil.
    var trailers: HTTPFields { get }
}
