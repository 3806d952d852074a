/// A place a message can go to or come from: `platform:user`, or `peer!platform:user` beyond other routers.
///
/// The text is split at the last `!` that stands before the first `:`, then at the first `:`, so
/// `mail:ann@example.org` and `news:https://example.org/feed!x` need no escaping.
public struct Address: Sendable, Hashable {
    /// The most routers a bang path names.
    public static let maximumPeers = 8
    /// The most bytes of UTF-8 a user has.
    public static let maximumUserLength = 512

    /// The routers the message passes on its way, the next one first; empty for an address of this router.
    public let peers: [String]
    /// The mailbox, by its name in routes.yaml.
    public let platform: String
    /// The platform's own id of the user, opaque to the router.
    public let user: String

    /// Creates an address from its parts.
    ///
    /// - Throws: ``MessageError/badAddress(text:offset:reason:)`` when the parts make no address.
    public init(peers: [String] = [], platform: String, user: String) throws(MessageError) {
        let text = Self.text(peers: peers, platform: platform, user: user)
        try self.init(parsing: text)
        // A "!" or ":" inside a part would have moved the borders between the parts.
        guard self.peers == peers, self.platform == platform else {
            throw .badAddress(text: text, offset: 0, reason: "\"!\" and \":\" part routers, platform and user")
        }
    }

    /// Parses an address.
    ///
    /// - Throws: ``MessageError/badAddress(text:offset:reason:)`` with the offset of the first wrong character.
    public init(parsing text: String) throws(MessageError) {
        func fault(_ offset: Int, _ reason: String) -> MessageError {
            .badAddress(text: text, offset: offset, reason: reason)
        }
        let bytes = text[...].utf8
        guard let colon = bytes.firstIndex(of: UInt8(ascii: ":")) else {
            throw fault(bytes.count, "expected \":\" between platform and user, as in mail:ann@example.org")
        }
        let path = bytes[..<colon]
        let bang = path.lastIndex(of: UInt8(ascii: "!"))
        if let bang {
            self.peers = try Self.parsePeers(bytes[..<bang], fault: fault)
        } else {
            self.peers = []
        }
        let platform = bytes[(bang.map { bytes.index(after: $0) } ?? bytes.startIndex)..<colon]
        if let (offset, reason) = MailboxName.fault(in: platform) {
            throw fault(bytes.distance(from: bytes.startIndex, to: platform.startIndex) + offset, reason)
        }
        let user = bytes[bytes.index(after: colon)...]
        let start = bytes.distance(from: bytes.startIndex, to: user.startIndex)
        guard !user.isEmpty else { throw fault(start, "expected a user after \":\"") }
        if let offset = user.prefix(Self.maximumUserLength).offsetOfControlCharacter {
            throw fault(start + offset, "a control character")
        }
        guard user.count <= Self.maximumUserLength else {
            throw fault(start + Self.maximumUserLength, "a user has at most 512 bytes")
        }
        self.platform = String(Substring(platform))
        self.user = String(Substring(user))
    }

    private static func parsePeers(
        _ path: Substring.UTF8View, fault: (Int, String) -> MessageError
    ) throws(MessageError) -> [String] {
        var peers: [String] = []
        var peer: [UInt8] = []
        var offset = 0
        for byte in path {
            switch byte {
            case UInt8(ascii: "!"):
                guard !peer.isEmpty else { throw fault(offset, "expected the name of a router before \"!\"") }
                peers.append(String(decoding: peer, as: UTF8.self))
                peer.removeAll()
                guard peers.count < maximumPeers else { throw fault(offset + 1, "at most 8 routers in a bang path") }
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"):
                peer.append(byte)
            case UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: "_"):
                guard !peer.isEmpty else { throw fault(offset, "a router's name begins with a letter or a digit") }
                peer.append(byte)
            default: throw fault(offset, "a router's name has only letters, digits, \".\", \"-\" and \"_\"")
            }
            guard peer.count <= 253 else { throw fault(offset, "a router's name has at most 253 characters") }
            offset += 1
        }
        guard !peer.isEmpty else { throw fault(offset, "expected the name of a router before \"!\"") }
        peers.append(String(decoding: peer, as: UTF8.self))
        return peers
    }

    private static func text(peers: [String], platform: String, user: String) -> String {
        peers.isEmpty ? "\(platform):\(user)" : "\(peers.joined(separator: "!"))!\(platform):\(user)"
    }
}

extension Address: CustomStringConvertible {
    /// The address as it is written everywhere.
    public var description: String {
        Self.text(peers: peers, platform: platform, user: user)
    }
}

extension Address: Comparable {
    /// Orders addresses by their text.
    public static func < (left: Address, right: Address) -> Bool {
        left.description < right.description
    }
}
