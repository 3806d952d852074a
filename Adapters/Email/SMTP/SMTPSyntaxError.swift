/// What is wrong with a command line.
enum SMTPSyntaxError: Error, Sendable, Hashable {
    case unknown
    case notImplemented(String)
    case syntax(String)
    case argument(String)
    case address
    /// The size of a chunk cannot be read, so where the next command begins is not known.
    case chunk
    /// A browser was led here, and what it posts may hold commands that a web page chose.
    case web

    /// What the client is told.
    var reply: ServerReply {
        switch self {
        case .unknown: ServerReply(500, "5.5.2", "unknown command")
        case .notImplemented(let verb): ServerReply(502, "5.5.1", "\(verb) is not implemented")
        case .syntax(let text): ServerReply(501, "5.5.2", text)
        case .argument(let text): ServerReply(501, "5.5.4", text)
        case .address: ServerReply(553, "5.1.3", "that is no address in angle brackets")
        case .web: ServerReply(521, "5.7.0", "this is a mail server, not a web server")
        case .chunk: ServerReply(501, "5.5.4", "expected BDAT size [LAST]")
        }
    }
}
