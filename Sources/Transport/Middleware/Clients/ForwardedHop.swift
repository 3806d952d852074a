/// What one proxy says of whom it had at its other end.
struct ForwardedHop: Sendable, Hashable {
    /// Who that was.
    enum Node: Hashable {
        case address(SocketAddress)
        /// The proxy does not know, or does not tell.
        case hidden
        case malformed
    }

    var node: Node
    /// Whether it came by HTTPS; nil if that is not said.
    var isSecure: Bool?
    /// The `Host` it asked for; nil if that is not said.
    var host: String?

    /// The most hops that are looked at, from the end.
    private static var maximalHops: Int { 32 }

    /// The hops of `X-Forwarded-For`, `-Proto` and `-Host`, the farthest first.
    ///
    /// A proxy may write a field anew rather than add to it, so the lists may differ in length; they meet at their ends.
    static func legacy(_ headers: HTTPFields) -> [ForwardedHop] {
        let nodes = headers.list("x-forwarded-for").suffix(maximalHops)
        let schemes = headers.list("x-forwarded-proto")
        let hosts = headers.list("x-forwarded-host")
        let count = nodes.isEmpty && !(schemes.isEmpty && hosts.isEmpty) ? 1 : nodes.count
        return (0..<count).map { index in
            let fromEnd = count - index
            return ForwardedHop(
                node: nodes.isEmpty ? .hidden : node(nodes[nodes.startIndex + index]),
                isSecure: entry(schemes, fromEnd).flatMap(isSecure), host: entry(hosts, fromEnd).flatMap(host))
        }
    }

    private static func entry(_ list: [Substring], _ fromEnd: Int) -> Substring? {
        list.isEmpty ? nil : list[max(0, list.count - fromEnd)]
    }

    /// The hops of `Forwarded` (RFC 7239 §4), the farthest first; nil when the field is malformed.
    static func standard(_ headers: HTTPFields) -> [ForwardedHop]? {
        var hops: [ForwardedHop] = []
        for value in headers.values("forwarded") {
            guard let elements = ForwardedSyntax.elements(of: value) else { return nil }
            for element in elements {
                var hop = ForwardedHop(node: .hidden)
                for (name, value) in element {
                    switch name {
                    case "for": hop.node = node(value[...])
                    case "proto": hop.isSecure = isSecure(value[...])
                    case "host": hop.host = host(value[...])
                    default: break
                    }
                }
                hops.append(hop)
            }
        }
        return hops.suffix(maximalHops)
    }
}

// MARK: - Values

extension ForwardedHop {
    /// An address with or without a port and brackets, `unknown`, or a name with an underscore in front (RFC 7239 §6).
    static func node(_ text: Substring) -> Node {
        if HTTPFields.isEqual(text, "unknown") || text.hasPrefix("_") { return .hidden }
        guard text.utf8.count <= 64, !text.contains("%") else { return .malformed }
        if let ip = IPAddress(text) { return .address(.ip(ip.withoutMapping, port: 0)) }
        guard let colon = text.lastIndex(of: ":") else { return bracketed(text, port: 0) }
        let portText = text[text.index(after: colon)...]
        if let port = UInt16(pathParameter: String(portText)) {
            return bracketed(text[..<colon], port: port)
        }
        // An obfuscated port says nothing, or the colon stands within the brackets.
        return portText.hasPrefix("_") ? bracketed(text[..<colon], port: 0) : bracketed(text, port: 0)
    }

    private static func bracketed(_ text: Substring, port: UInt16) -> Node {
        if text.hasPrefix("["), text.hasSuffix("]"), let ip = IPAddress(text.dropFirst().dropLast()), case .v6 = ip {
            return .address(.ip(ip.withoutMapping, port: port))
        }
        if let ip = IPAddress(text), case .v4 = ip { return .address(.ip(ip, port: port)) }
        return .malformed
    }

    private static func isSecure(_ text: Substring) -> Bool? {
        switch text.lowercased() {
        case "https", "wss": true
        case "http", "ws": false
        default: nil
        }
    }

    /// A name or address with or without a port; nil for what could not stand in `Host`.
    private static func host(_ text: Substring) -> String? {
        let isPlain = text.utf8.allSatisfy {
            (0x30...0x39).contains($0) || (0x61...0x7A).contains($0 | 0x20) || ".-_:[]".utf8.contains($0)
        }
        guard isPlain, (1...255).contains(text.utf8.count), HTTPTarget.hostName(String(text)).isValid else {
            return nil
        }
        return String(text)
    }
}
