/// What a proxy says in front of a connection's bytes (the PROXY protocol of HAProxy, versions 1 and 2).
enum ProxyHeader: Sendable, Hashable {
    /// The proxy speaks for itself, or cannot say for whom: the connection's own addresses count.
    case local
    /// The proxy passes on what this client sent to this address.
    case relayed(source: SocketAddress, destination: SocketAddress)

    /// How far a header has come.
    enum Progress: Hashable {
        /// At least so many more bytes belong to it.
        case needs(Int)
        case complete(ProxyHeader)
    }

    /// Reads what has come of a header; not one byte more than it says it needs is its own.
    ///
    /// - Throws: `ProxyHeaderError` as soon as the bytes can be no header.
    static func read(_ bytes: [UInt8]) throws(ProxyHeaderError) -> Progress {
        // No header of either version is shorter.
        guard !bytes.isEmpty else { return .needs(ProxyHeaderV1.minimalLength) }
        if ProxyHeaderV2.signature.begins(like: bytes) { return try ProxyHeaderV2.read(bytes) }
        if ProxyHeaderV1.start.begins(like: bytes) { return try ProxyHeaderV1.read(bytes) }
        throw .notThere
    }
}

/// Why a connection from a proxy is closed.
enum ProxyHeaderError: Error, Sendable, Hashable {
    /// The first bytes are no header.
    case notThere
    /// It is one, but not as the specification wants it.
    case malformed(String)
    /// Its checksum is wrong.
    case corrupt
    /// The connection ended, or nothing came in time.
    case lost(TransportError)
}

extension ProxyHeaderError: CustomStringConvertible {
    var description: String {
        switch self {
        case .notThere:
            "the connection does not begin with a PROXY header; let the proxy send one, or take it off the list"
        case .malformed(let reason): "the PROXY header is malformed: \(reason)"
        case .corrupt: "the checksum of the PROXY header is wrong"
        case .lost(let error): "the PROXY header did not come: \(error)"
        }
    }
}

extension [UInt8] {
    /// Tells whether these bytes and the others are equal as far as both go.
    fileprivate func begins(like bytes: [UInt8]) -> Bool {
        zip(self, bytes).allSatisfy(==)
    }
}
