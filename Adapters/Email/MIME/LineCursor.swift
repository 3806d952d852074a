/// Goes through bytes line by line; a line ends with CRLF, LF or the end.
struct LineCursor {
    /// One line.
    struct Line {
        /// Where it begins.
        let start: Int
        /// What is in it, without its end.
        let content: Range<Int>
        /// Where the next line begins.
        let end: Int
        /// Whether it is the first one.
        let isFirst: Bool
    }

    private let bytes: ArraySlice<UInt8>
    private var position: Int

    init(_ bytes: ArraySlice<UInt8>) {
        self.bytes = bytes
        position = bytes.startIndex
    }

    mutating func next() -> Line? {
        guard position < bytes.endIndex else { return nil }
        let start = position
        let feed = bytes[start...].firstIndex(of: 0x0A)
        position = feed.map { $0 + 1 } ?? bytes.endIndex
        var end = feed ?? bytes.endIndex
        if end > start, feed != nil, bytes[end - 1] == 0x0D { end -= 1 }
        return Line(start: start, content: start..<end, end: position, isFirst: start == bytes.startIndex)
    }
}
