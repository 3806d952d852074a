/// One server-sent event (HTML standard §9.2.5).
public struct ServerEvent: Sendable, Hashable {
    /// What a client that comes back names as the last it has seen; nil leaves the one before in force.
    public var id: String?
    /// The event's name; nil is `message` to a browser.
    public var name: String?
    /// The data, in UTF-8; its lines reach the client with line feeds between them.
    public var data: [UInt8]
    /// How long a client shall wait before it comes back; nil leaves it as it is.
    public var retry: Duration?

    /// Creates an event; id and name are one line each, which is checked when it is sent.
    public init(id: String? = nil, name: String? = nil, data: [UInt8], retry: Duration? = nil) {
        self.id = id
        self.name = name
        self.data = data
        self.retry = retry
    }

    /// Creates an event of text.
    public init(id: String? = nil, name: String? = nil, data: String, retry: Duration? = nil) {
        self.init(id: id, name: name, data: Array(data.utf8), retry: retry)
    }

    /// The bytes of the event, with the empty line that ends it.
    ///
    /// - Throws: `ServerEventError` for an id or a name that would end its line, or an id with a zero byte.
    func encoded() throws(ServerEventError) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(data.count + 64)
        if let id {
            guard id.utf8.allSatisfy({ !Self.isLineEnd($0) && $0 != 0 }) else { throw .malformedID(id) }
            Self.append("id", id.utf8, to: &bytes)
        }
        if let name {
            guard !name.utf8.contains(where: Self.isLineEnd) else { throw .malformedName(name) }
            Self.append("event", name.utf8, to: &bytes)
        }
        if let retry { Self.append("retry", "\(max(0, retry.loopMilliseconds))".utf8, to: &bytes) }
        appendData(to: &bytes)
        bytes.append(0x0A)
        return bytes
    }

    /// Writes a line for each line of the data, be it ended by CR, LF or both.
    private func appendData(to bytes: inout [UInt8]) {
        var start = data.startIndex
        while let end = data[start...].firstIndex(where: Self.isLineEnd) {
            Self.append("data", data[start..<end], to: &bytes)
            let isPair = data[end] == 0x0D && end + 1 < data.endIndex && data[end + 1] == 0x0A
            start = end + (isPair ? 2 : 1)
        }
        Self.append("data", data[start...], to: &bytes)
    }

    private static func append(_ name: StaticString, _ value: some Sequence<UInt8>, to bytes: inout [UInt8]) {
        name.withUTF8Buffer { bytes.append(contentsOf: $0) }
        bytes.append(UInt8(ascii: ":"))
        // One space is not the value's.
        bytes.append(UInt8(ascii: " "))
        bytes.append(contentsOf: value)
        bytes.append(0x0A)
    }

    private static func isLineEnd(_ byte: UInt8) -> Bool { byte == 0x0A || byte == 0x0D }
}

/// Why an event cannot be sent.
public enum ServerEventError: Error, Sendable, Hashable {
    /// The id has a line end or a zero byte.
    case malformedID(String)
    /// The name has a line end.
    case malformedName(String)
}

extension ServerEventError: CustomStringConvertible {
    /// What is wrong.
    public var description: String {
        switch self {
        case .malformedID(let id): "an event's id is one line without zero bytes, not \(id.debugDescription)"
        case .malformedName(let name): "an event's name is one line, not \(name.debugDescription)"
        }
    }
}
