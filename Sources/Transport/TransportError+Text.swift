import CUV

extension TransportError: CustomStringConvertible {
    /// What happened, where, and what to do about it.
    public var description: String {
        switch self {
        case .system(let operation, let code, let subject):
            "\(operation) failed for \(subject): \(Self.text(of: code))"
        case .invalidAddress(let text, let reason):
            "\"\(text)\" is no socket address: \(reason); write 127.0.0.1:8025, [::1]:8025 or unix:/path"
        case .invalidNetwork(let text, let reason):
            "\"\(text)\" is no network: \(reason); write 10.0.0.0/8, 2001:db8::/32 or one address"
        case .unresolvable(let host, let code):
            "no address found for \(host): \(Self.text(of: code)); check the name and the machine's DNS"
        case .timedOut(let operation):
            "\(operation) took too long"
        case .closed:
            "the connection is closed"
        case .cancelled:
            "the operation was cancelled"
        case .loopStopped(let name):
            "the event loop \(name) has been stopped"
        case .addressInUse(let address):
            "\(address) is in use; stop the process that listens there or choose another address"
        case .alreadyReading:
            "another task is reading from this connection"
        case .notListening(let descriptor, let reason):
            """
            descriptor \(descriptor), which the process was started with, cannot be listened on: \(reason); \
            check the socket unit, or start without one
            """
        case .tls(let error):
            error.description
        }
    }

    /// The system's sentence for a number of an error.
    static func text(of code: CInt) -> String {
        String(cString: uv_strerror(code))
    }
}
