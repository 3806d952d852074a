/// What a server answered.
public struct HTTPClientResponse: Sendable, Hashable {
    /// The status.
    public var status: HTTPStatus
    /// The header fields of the last response.
    public var headers: HTTPFields
    /// The body, decompressed.
    public var body: [UInt8]
    /// The URL it came from, after redirects.
    public var effectiveURL: String
    /// The address that was connected to; nil for a Unix socket.
    public var primaryAddress: IPAddress?

    /// Creates a response, as a test needs it.
    public init(
        status: HTTPStatus, headers: HTTPFields = HTTPFields(), body: [UInt8] = [], effectiveURL: String = "",
        primaryAddress: IPAddress? = nil
    ) {
        self.status = status
        self.headers = headers
        self.body = body
        self.effectiveURL = effectiveURL
        self.primaryAddress = primaryAddress
    }
}
