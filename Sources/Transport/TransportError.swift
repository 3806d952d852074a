/// What can go wrong with loops, addresses and sockets.
public enum TransportError: Error, Sendable, Hashable {
    /// A call of the system failed: its name, the negative number libuv gave or `-errno`, and what it was about.
    case system(operation: String, code: CInt, subject: String)
    /// The text is no socket address; the reason says what is wrong with it.
    case invalidAddress(text: String, reason: String)
    /// The text is no block of IP addresses; the reason says what is wrong with it.
    case invalidNetwork(text: String, reason: String)
    /// A name has no address.
    case unresolvable(host: String, code: CInt)
    /// Nothing came, or went, before the deadline; the name of the operation.
    case timedOut(operation: String)
    /// The connection was closed on this side.
    case closed
    /// The task was cancelled.
    case cancelled
    /// The event loop has been stopped.
    case loopStopped(name: String)
    /// Another process listens on the address already.
    case addressInUse(SocketAddress)
    /// The connection already has a reader; only one task may read.
    case alreadyReading
    /// A descriptor that the process was started with is not what it should be; the reason says why.
    case notListening(descriptor: CInt, reason: String)
    /// TLS could not be set up, or broke.
    case tls(TLSError)
}
