/// The PROXY protocol's version 1: `PROXY TCP4 192.0.2.1 192.0.2.2 4711 25`, ended by CR LF (§2.1).
enum ProxyHeaderV1 {
    static let start = Array("PROXY ".utf8)
    /// The longest line there can be, with its end.
    static let maximalLength = 107
    /// The shortest one: `PROXY UNKNOWN` and its end.
    static let minimalLength = 15

    static func read(_ bytes: [UInt8]) throws(ProxyHeaderError) -> ProxyHeader.Progress {
        guard bytes.count >= minimalLength else { return .needs(minimalLength - bytes.count) }
        guard let end = bytes.firstIndex(of: 0x0D) else {
            guard bytes.count < maximalLength - 1 else {
                throw .malformed("the line has more than \(maximalLength) bytes")
            }
            return .needs(1)
        }
        guard end + 1 < bytes.count else { return .needs(1) }
        guard bytes[end + 1] == 0x0A, end + 2 == bytes.count else { throw .malformed("the line ends wrongly") }
        return .complete(try header(bytes[..<end]))
    }

    private static func header(_ line: ArraySlice<UInt8>) throws(ProxyHeaderError) -> ProxyHeader {
        guard let text = String(validating: line, as: UTF8.self), text.utf8.allSatisfy({ (0x20...0x7E).contains($0) })
        else { throw .malformed("the line is not ASCII") }
        let words = text.split(separator: " ", omittingEmptySubsequences: false)
        // What follows UNKNOWN is to be passed over.
        if words[1] == "UNKNOWN" { return .local }
        guard words.count == 6, words[1] == "TCP4" || words[1] == "TCP6" else {
            throw .malformed("expected TCP4, TCP6 or UNKNOWN, two addresses and two ports")
        }
        let isSix = words[1] == "TCP6"
        return .relayed(
            source: .ip(try address(words[2], isSix), port: try port(words[4])),
            destination: .ip(try address(words[3], isSix), port: try port(words[5])))
    }

    private static func address(_ text: Substring, _ isSix: Bool) throws(ProxyHeaderError) -> IPAddress {
        guard !text.contains("%"), let address = IPAddress(text) else { throw .malformed("an address is wrong") }
        switch address {
        case .v4 where !isSix: return address
        case .v6 where isSix: return address.withoutMapping
        default: throw .malformed("an address is of the other family")
        }
    }

    private static func port(_ text: Substring) throws(ProxyHeaderError) -> UInt16 {
        guard let port = UInt16(pathParameter: String(text)) else { throw .malformed("a port is wrong") }
        return port
    }
}
