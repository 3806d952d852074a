import Glibc

/// Splits the bytes of a `multipart/form-data` body into parts (RFC 7578, RFC 2046 §5.1); no I/O.
///
/// Holds what came since the last step and could not be told yet: at most one piece of the body and a boundary.
struct MultipartParser {
    /// What there is next.
    enum Step: Hashable {
        /// A part begins.
        case part(MultipartPart)
        /// Bytes of the part, at least one.
        case content([UInt8])
        /// The part is over.
        case endOfPart
        /// The form is over; what follows means nothing.
        case end
        /// More bytes are needed.
        case needsMore
    }

    private enum State {
        case start
        case delimiter
        case head
        case content
        case over
    }

    private let delimiter: [UInt8]
    private let limits: MultipartLimits
    private var buffer: [UInt8] = []
    private var offset = 0
    private var state = State.start
    private var partCount = 0
    private var part = MultipartPart(name: "")
    private var partLength = 0
    /// Tells whether the end of the head's last line is still there: it may begin the next boundary.
    private var isBeforeContent = false

    init(boundary: String, limits: MultipartLimits) {
        delimiter = Array("\r\n--\(boundary)".utf8)
        self.limits = limits
    }

    /// Adds bytes of the body.
    mutating func append(_ bytes: [UInt8]) {
        if offset == buffer.count {
            buffer = bytes
        } else {
            buffer.removeFirst(offset)
            buffer.append(contentsOf: bytes)
        }
        offset = 0
    }

    /// Goes on as far as the next thing to tell.
    mutating func next() throws(MultipartError) -> Step {
        while true {
            switch state {
            case .start: guard try begin() else { return .needsMore }
            case .delimiter: guard try endDelimiter() else { return .needsMore }
            case .head: return try head()
            case .content: return try content()
            case .over: return .end
            }
        }
    }

    private var rest: ArraySlice<UInt8> { buffer[offset...] }

    /// The first boundary has no line in front of it, or an empty one.
    private mutating func begin() throws(MultipartError) -> Bool {
        let bare = delimiter.dropFirst(2)
        let isBare = rest.first != 0x0D
        let expected = isBare ? bare : delimiter[...]
        guard zip(rest, expected).allSatisfy(==) else {
            throw .malformed("it does not begin with the boundary of its Content-Type")
        }
        guard rest.count >= expected.count else { return false }
        offset += expected.count
        state = .delimiter
        return true
    }

    /// Behind a boundary there are two hyphens, or spaces and the end of the line.
    private mutating func endDelimiter() throws(MultipartError) -> Bool {
        guard rest.count >= 2 else { return false }
        if rest.starts(with: [0x2D, 0x2D]) {
            state = .over
            return true
        }
        guard let end = rest.firstIndex(where: { $0 != 0x20 && $0 != 0x09 }), end + 1 < buffer.count else {
            guard rest.count <= Self.maximalPadding else { throw .malformed("a boundary's line is too long") }
            return false
        }
        guard buffer[end] == 0x0D, buffer[end + 1] == 0x0A, end - offset <= Self.maximalPadding else {
            throw .malformed("something stands behind a boundary")
        }
        offset = end + 2
        partCount += 1
        guard partCount <= limits.parts else { throw .tooManyParts(limit: limits.parts) }
        state = .head
        return true
    }

    private static var maximalPadding: Int { 128 }

    private mutating func head() throws(MultipartError) -> Step {
        // Without a field the head is an empty line.
        let limit = min(buffer.count, offset + limits.headBytes + 4)
        var index = offset
        while index + 3 < limit, buffer[index] != 0x0D || !buffer[index...].starts(with: [0x0D, 0x0A, 0x0D, 0x0A]) {
            index += 1
        }
        guard index + 3 < limit else {
            guard rest.count < limits.headBytes + 4 else { throw .headTooLarge(limit: limits.headBytes) }
            return .needsMore
        }
        part = try MultipartPart(buffer[offset..<index])
        partLength = 0
        offset = index + 2
        state = .content
        isBeforeContent = true
        return .part(part)
    }

    private mutating func content() throws(MultipartError) -> Step {
        if isBeforeContent {
            guard rest.count >= delimiter.count else { return .needsMore }
            isBeforeContent = false
            if rest.starts(with: delimiter) { return endPart(at: offset) }
            offset += 2
        }
        let (end, isDelimiter) = contentEnd()
        if end > offset {
            let bytes = Array(buffer[offset..<end])
            offset = end
            partLength += bytes.count
            guard partLength <= limits.partBytes else {
                throw .partTooLarge(name: part.name, limit: limits.partBytes)
            }
            return .content(bytes)
        }
        return isDelimiter ? endPart(at: end) : .needsMore
    }

    private mutating func endPart(at end: Int) -> Step {
        offset = end + delimiter.count
        state = .delimiter
        return .endOfPart
    }

    /// Where the content surely ends for now: at a boundary, or at what may become one.
    private func contentEnd() -> (index: Int, isDelimiter: Bool) {
        buffer.withUnsafeBytes { bytes in
            var index = offset
            while index < bytes.count, let start = bytes.baseAddress {
                guard let found = memchr(start + index, 0x0D, bytes.count - index) else { break }
                index = UnsafeRawPointer(found) - start
                let length = min(delimiter.count, bytes.count - index)
                let isLike = memcmp(start + index, delimiter, length) == 0
                if isLike { return (index, length == delimiter.count) }
                index += 1
            }
            return (bytes.count, false)
        }
    }
}
