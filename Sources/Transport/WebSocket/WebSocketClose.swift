/// Why a WebSocket was closed, as a number (RFC 6455 §7.4).
public struct WebSocketCloseCode: RawRepresentable, Sendable, Hashable, CustomStringConvertible {
    /// The number.
    public let rawValue: UInt16

    private init(unchecked rawValue: UInt16) {
        self.rawValue = rawValue
    }

    /// Creates a code that may be sent: 1000–1003, 1007–1014, 3000–4999; nil for others.
    public init?(rawValue: UInt16) {
        switch rawValue {
        case 1000...1003, 1007...1014, 3000...4999: self.rawValue = rawValue
        default: return nil
        }
    }

    /// The number in digits.
    public var description: String { "\(rawValue)" }

    /// Tells whether the code may stand in a frame; the others say what happened without one.
    var canBeSent: Bool { WebSocketCloseCode(rawValue: rawValue) != nil }

    /// 1000: done.
    public static let normal = WebSocketCloseCode(unchecked: 1000)
    /// 1001: the server shuts down, or the page was left.
    public static let goingAway = WebSocketCloseCode(unchecked: 1001)
    /// 1002: the other end broke the protocol.
    public static let protocolError = WebSocketCloseCode(unchecked: 1002)
    /// 1003: a kind of message that is not taken.
    public static let unsupportedData = WebSocketCloseCode(unchecked: 1003)
    /// 1005: the other end gave no code; never sent.
    public static let noStatus = WebSocketCloseCode(unchecked: 1005)
    /// 1006: the connection ended without a close frame; never sent.
    public static let abnormal = WebSocketCloseCode(unchecked: 1006)
    /// 1007: a text that is not UTF-8, or bytes that cannot be decompressed.
    public static let invalidData = WebSocketCloseCode(unchecked: 1007)
    /// 1008: a rule of ours was broken.
    public static let policyViolation = WebSocketCloseCode(unchecked: 1008)
    /// 1009: a message over the limit.
    public static let tooBig = WebSocketCloseCode(unchecked: 1009)
    /// 1011: a fault of this end.
    public static let internalError = WebSocketCloseCode(unchecked: 1011)
    /// 1012: the service restarts.
    public static let serviceRestart = WebSocketCloseCode(unchecked: 1012)
    /// 1013: try again later.
    public static let tryAgainLater = WebSocketCloseCode(unchecked: 1013)
}

/// What one end said when it closed a WebSocket.
public struct WebSocketClose: Sendable, Hashable {
    /// The code.
    public var code: WebSocketCloseCode
    /// The reason, for a person who looks for a fault; at most 123 bytes.
    public var reason: String

    /// Creates a description; what is over 123 bytes of the reason is cut off.
    public init(_ code: WebSocketCloseCode, reason: String = "") {
        self.code = code
        var reason = reason
        while reason.utf8.count > 123 { reason.removeLast() }
        self.reason = reason
    }

    /// Reads the payload of a close frame (RFC 6455 §5.5.1); nil when it is empty.
    init?(payload: [UInt8]) throws(WebSocketViolation) {
        guard !payload.isEmpty else { return nil }
        guard payload.count >= 2, let code = WebSocketCloseCode(rawValue: UInt16(payload[0]) << 8 | UInt16(payload[1]))
        else {
            throw .protocolError("a close frame has an invalid code")
        }
        guard let reason = String(validating: payload[2...], as: UTF8.self) else { throw .invalidText }
        self.code = code
        self.reason = reason
    }

    /// The payload of a close frame; empty for a code that cannot be sent.
    var payload: [UInt8] {
        guard code.canBeSent else { return [] }
        return [UInt8(code.rawValue >> 8), UInt8(code.rawValue & 0xFF)] + reason.utf8
    }
}
