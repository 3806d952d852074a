/// Takes a message out of the stream after DATA or BDAT (RFC 5321 §4.1.1.4, §4.5.2; RFC 3030).
///
/// Only CRLF ends a line and only `CRLF . CRLF` the message: servers that take other line ends can be made to see two messages in
/// one (SMTP smuggling). A message with a bare CR or LF is read to its end and then refused.
struct MailDataDecoder: Sendable {
    /// Why a message is refused.
    enum Fault: Sendable, Hashable { case tooLarge, bareLineEnd, lineTooLong }

    private enum State { case lineStart, dot, dotReturn, text, carriageReturn }

    /// The longest line, in bytes: RFC 5321 allows 998, programs write more.
    static let maximumLine = 65_536

    /// The message so far; empty once it has become too large.
    private(set) var message: [UInt8] = []
    /// How many bytes came.
    private(set) var received = 0
    /// The first thing that was wrong.
    private(set) var fault: Fault?
    private var state = State.lineStart
    private var lineLength = 0
    private let limit: Int
    private let isStuffed: Bool

    /// Creates a decoder.
    ///
    /// - Parameters:
    ///   - limit: The most bytes of a message.
    ///   - isStuffed: Whether dots are stuffed and a line with one dot ends the message, as after DATA.
    init(limit: Int, isStuffed: Bool) {
        self.limit = limit
        self.isStuffed = isStuffed
    }

    /// Takes bytes; gives how many of them belong to the message, and whether it has ended.
    mutating func receive(_ bytes: ArraySlice<UInt8>) -> (consumed: Int, isComplete: Bool) {
        var index = bytes.startIndex
        while index < bytes.endIndex {
            if state == .text {
                let end = bytes[index...].firstIndex { $0 == 0x0D || $0 == 0x0A } ?? bytes.endIndex
                append(bytes[index..<end])
                index = end
                guard index < bytes.endIndex else { break }
            }
            let isEnd = take(bytes[index])
            index += 1
            if isEnd {
                received += index - bytes.startIndex
                return (index - bytes.startIndex, true)
            }
        }
        received += bytes.count
        return (bytes.count, false)
    }

    /// Ends a message that has no end mark of its own.
    mutating func end() {
        if state == .carriageReturn { note(.bareLineEnd) }
    }

    private mutating func take(_ byte: UInt8) -> Bool {
        switch (state, byte) {
        case (.dotReturn, 0x0A): return true
        case (.lineStart, UInt8(ascii: ".")) where isStuffed: state = .dot
        case (.dot, 0x0D): state = .dotReturn
        case (.dotReturn, _):
            note(.bareLineEnd)
            append(CollectionOfOne(0x0D))
            takeText(byte)
        case (.carriageReturn, 0x0A):
            append([0x0D, 0x0A])
            lineLength = 0
            state = .lineStart
        case (.carriageReturn, _):
            note(.bareLineEnd)
            append(CollectionOfOne(0x0D))
            takeText(byte)
        default: takeText(byte)
        }
        return false
    }

    private mutating func takeText(_ byte: UInt8) {
        if byte == 0x0D { return state = .carriageReturn }
        if byte == 0x0A { note(.bareLineEnd) }
        append(CollectionOfOne(byte))
        state = .text
    }

    private mutating func append(_ bytes: some Collection<UInt8>) {
        lineLength += bytes.count
        if lineLength > Self.maximumLine { note(.lineTooLong) }
        guard fault != .tooLarge else { return }
        guard message.count + bytes.count <= limit else {
            // Size is told before anything else: it is what the sender can do something about.
            fault = .tooLarge
            message = []
            return
        }
        message += bytes
    }

    private mutating func note(_ fault: Fault) {
        if self.fault == nil { self.fault = fault }
    }
}
