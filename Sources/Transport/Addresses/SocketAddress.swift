/// Where a socket listens or connects to.
public enum SocketAddress: Sendable, Hashable {
    /// An IP address and a TCP port; port 0 asks for a free one when listening.
    case ip(IPAddress, port: UInt16)
    /// The path of a Unix socket, 1 to 107 bytes; empty for the unnamed end of a connection.
    case unix(path: String)

    /// Parses `127.0.0.1:8025`, `[::1]:80`, `localhost:80` or `unix:/path`.
    ///
    /// - Throws: `TransportError.invalidAddress` with what is wrong.
    public init(_ text: some StringProtocol) throws(TransportError) {
        let text = String(text)
        if text.hasPrefix("unix:") {
            self = try Self.unixSocket(String(text.dropFirst(5)), text)
            return
        }
        guard let colon = text.lastIndex(of: ":") else {
            throw .invalidAddress(text: text, reason: "the port is missing")
        }
        guard let port = Self.port(text[text.index(after: colon)...]) else {
            throw .invalidAddress(text: text, reason: "a port is a number from 0 to 65535")
        }
        guard let ip = Self.host(text[..<colon]) else {
            throw .invalidAddress(text: text, reason: "the part before the port is no IP address")
        }
        self = .ip(ip, port: port)
    }

    /// The port, or nil for a Unix socket.
    public var port: UInt16? {
        if case .ip(_, let port) = self { port } else { nil }
    }

    /// The IP address, or nil for a Unix socket.
    public var ip: IPAddress? {
        if case .ip(let ip, _) = self { ip } else { nil }
    }

    /// Tells whether the address is a Unix socket's.
    public var isUnix: Bool { ip == nil }

    /// Tells whether the address stands for all of the machine's: 0.0.0.0 or ::.
    var isUnspecified: Bool {
        switch ip {
        case .v4(let bits): bits == 0
        case .v6(let upper, let lower, _): upper == 0 && lower == 0
        case nil: false
        }
    }

    /// Tells whether only this machine can be at the other end: a loopback address or a Unix socket.
    public var isLoopback: Bool { ip?.isLoopback ?? true }

    /// Tells whether the address is not one of the public Internet's; Unix sockets are not.
    public var isPrivate: Bool { ip?.isPrivate ?? true }

    private static func unixSocket(_ path: String, _ text: String) throws(TransportError) -> SocketAddress {
        guard !path.isEmpty, path.utf8.count <= maximalPathLength, !path.utf8.contains(0) else {
            throw .invalidAddress(text: text, reason: "the path of a Unix socket has 1 to \(maximalPathLength) bytes")
        }
        return .unix(path: path)
    }

    private static func port(_ text: Substring) -> UInt16? {
        text.utf8.allSatisfy { (0x30...0x39).contains($0) } ? UInt16(text) : nil
    }

    private static func host(_ text: Substring) -> IPAddress? {
        if text == "localhost" { return .v4(0x7F00_0001) }
        if text.hasPrefix("["), text.hasSuffix("]") {
            guard case .v6 = IPAddress(text.dropFirst().dropLast()) else { return nil }
            return IPAddress(text.dropFirst().dropLast())
        }
        guard case .v4 = IPAddress(text) else { return nil }
        return IPAddress(text)
    }

    /// `sun_path` has 108 bytes on Linux, the last one is zero (unix(7)).
    static var maximalPathLength: Int { 107 }
}

extension SocketAddress: CustomStringConvertible {
    /// The address as ``init(_:)`` reads it.
    public var description: String {
        switch self {
        case .ip(.v4(let bits), let port): "\(IPAddress.v4(bits)):\(port)"
        case .ip(let ip, let port): "[\(ip)]:\(port)"
        case .unix(let path): "unix:\(path)"
        }
    }
}
