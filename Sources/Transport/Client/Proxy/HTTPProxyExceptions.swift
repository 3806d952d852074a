/// The hosts that are reached without the proxy, as `NO_PROXY` lists them.
///
/// Entries are separated by commas or spaces: `*` for every host; `example.org` for that name and all below it, as
/// `.example.org` and `*.example.org` are too; an address; a block of addresses, `10.0.0.0/8`, `fd00::/8`; each but `*`
/// and the blocks may end in `:port`, then it is for that port only. Blocks are compared with hosts written as
/// addresses; names are not resolved for it.
public struct HTTPProxyExceptions: Sendable, Hashable {
    private enum Entry: Hashable {
        case every
        case name(String, port: UInt16?)
        case address(IPAddress, port: UInt16?)
        case block(IPAddress, length: Int)
    }

    private let entries: [Entry]

    /// No exceptions: all goes through the proxy.
    public init() {
        entries = []
    }

    /// Parses a list.
    ///
    /// - Throws: `HTTPProxyExceptionError` with the first entry that is none.
    public init(_ text: String) throws(HTTPProxyExceptionError) {
        var entries: [Entry] = []
        for word in text.split(whereSeparator: { $0 == "," || $0 == " " }) {
            guard let entry = Self.entry(word) else { throw HTTPProxyExceptionError(entry: String(word)) }
            entries.append(entry)
        }
        self.entries = entries
    }

    /// Tells whether a host is reached without the proxy; a name in lower case, an address without brackets.
    func contains(host: String, port: UInt16) -> Bool {
        guard !entries.isEmpty else { return false }
        let address = IPAddress(host)
        let name = host.hasSuffix(".") ? host.dropLast() : host[...]
        return entries.contains { entry in
            switch entry {
            case .every: true
            case .name(let end, let only):
                (only ?? port) == port && address == nil && (name == end || name.hasSuffix(".\(end)"))
            case .address(let one, let only): (only ?? port) == port && address?.unmapped == one
            case .block(let first, let length): address?.unmapped.isIn(first, length) == true
            }
        }
    }
}

extension HTTPProxyExceptions {
    private static func entry(_ word: Substring) -> Entry? {
        if word == "*" { return .every }
        if let slash = word.firstIndex(of: "/") {
            guard let first = IPAddress(word[..<slash]), let length = Int(word[word.index(after: slash)...]),
                0...(first.isV4 ? 32 : 128) ~= length
            else { return nil }
            return .block(first, length: length)
        }
        if let address = IPAddress(word) { return .address(address.unmapped, port: nil) }
        let (host, port) = split(word)
        if host.hasPrefix("["), host.hasSuffix("]") {
            return IPAddress(host.dropFirst().dropLast()).map { .address($0.unmapped, port: port) }
        }
        if let address = IPAddress(host) { return .address(address.unmapped, port: port) }
        var name = host.lowercased()[...]
        if name.hasPrefix("*.") { name = name.dropFirst() }
        if name.hasPrefix(".") { name = name.dropFirst() }
        if name.hasSuffix(".") { name = name.dropLast() }
        let isName = name.utf8.allSatisfy {
            0x61...0x7A ~= $0 || 0x30...0x39 ~= $0 || $0 == 0x2D || $0 == 0x2E || $0 == 0x5F
        }
        return isName && !name.isEmpty ? .name(String(name), port: port) : nil
    }

    /// The host and the port of `host:port`; the whole when it does not end so.
    private static func split(_ word: Substring) -> (Substring, UInt16?) {
        guard let colon = word.lastIndex(of: ":"), let port = UInt16(word[word.index(after: colon)...]) else {
            return (word, nil)
        }
        return (word[..<colon], port)
    }
}

extension IPAddress {
    fileprivate var isV4: Bool {
        if case .v4 = self { true } else { false }
    }

    /// Tells whether the address has the same first bits as another of its kind.
    fileprivate func isIn(_ first: IPAddress, _ length: Int) -> Bool {
        switch (self, first) {
        case (.v4(let bits), .v4(let other)): UInt64(bits ^ other) >> UInt64(32 - length) == 0
        case (.v6(let upper, let lower, _), .v6(let otherUpper, let otherLower, _)):
            length <= 64
                ? length == 0 || (upper ^ otherUpper) >> UInt64(64 - length) == 0
                : upper == otherUpper && (lower ^ otherLower) >> UInt64(128 - length) == 0
        default: false
        }
    }
}

/// Which entry of a list of exceptions is none.
public struct HTTPProxyExceptionError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The entry.
    public let entry: String

    /// What is wrong, and what would be right.
    public var description: String {
        "'\(entry)' is no host that goes without the proxy; write a name, an address, a block as 10.0.0.0/8, or *"
    }
}
