/// Finds the end of a head in the bytes so far, and refuses what other parsers read differently (RFC 9112 §2.2, §5.2,
/// §11.2).
///
/// Lines end with CR LF and only there; no line but the first begins with a space, as folded ones did.
struct HTTPHeadScanner {
    private var position: Int
    private var lineStart: Int

    /// Starts at an offset into the buffer.
    init(at offset: Int) {
        position = offset
        lineStart = offset
    }

    /// Goes on in a buffer that has grown.
    ///
    /// - Returns: The offset behind the empty line that ends the head, or nil when it has not come yet.
    mutating func scan(_ buffer: borrowing [UInt8]) throws(HTTPRefusal) -> Int? {
        while position < buffer.count {
            let byte = buffer[position]
            if byte > 0x1F {
                if byte == 0x20, position == lineStart { throw .bad("a header line begins with a space") }
                position += 1
                continue
            }
            guard byte == 0x0D else { try refuse(byte); position += 1; continue }
            guard position + 1 < buffer.count else { return nil }
            guard buffer[position + 1] == 0x0A else { throw .bad("a carriage return stands alone") }
            let isEmpty = position == lineStart
            position += 2
            lineStart = position
            if isEmpty { return position }
        }
        return nil
    }

    private func refuse(_ byte: UInt8) throws(HTTPRefusal) {
        switch byte {
        case 0x09 where position != lineStart: return
        case 0x09: throw .bad("a header line begins with a tab")
        case 0x0A: throw .bad("a line feed stands alone")
        default: throw .bad("the head holds a control character")
        }
    }
}
