/// A request that the server has refused by itself, so that no handler was asked: one that is malformed, too large or too
/// slow.
public struct HTTPRefusedRequest: Sendable {
    /// The head, if it could be understood.
    public var head: HTTPRequestHead?
    /// The other end of the connection.
    public var remoteAddress: SocketAddress
    /// What the client is told.
    public var status: HTTPStatus
    /// Why, for a person.
    public var detail: String
    /// How many bytes the body of the answer has.
    public var bytes: Int
}
