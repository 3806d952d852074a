/// Takes the body of a multipart apart at its boundary lines (RFC 2046 §5.1.1).
enum MultipartBody {
    /// The parts, without preamble and epilogue; `nil` when there is no boundary line.
    ///
    /// The last part may lack its closing line. At most one part more than the limit is returned.
    static func split(_ body: ArraySlice<UInt8>, boundary: [UInt8], limit: Int) -> [ArraySlice<UInt8>]? {
        var parts: [ArraySlice<UInt8>] = []
        var start: Int?
        var lines = LineCursor(body)
        while let line = lines.next() {
            guard let isLast = match(body[line.content], boundary) else { continue }
            if let start { parts.append(body[start..<contentEnd(before: line.start, notBefore: start, in: body)]) }
            guard !isLast, parts.count <= limit else { return parts }
            start = line.end
        }
        guard let start else { return nil }
        parts.append(body[start...])
        return parts
    }

    /// Whether the line is a boundary line, and then whether it is the closing one; blanks may follow.
    private static func match(_ line: ArraySlice<UInt8>, _ boundary: [UInt8]) -> Bool? {
        let dash = UInt8(ascii: "-")
        guard line.first == dash, line.dropFirst().first == dash else { return nil }
        var rest = line.dropFirst(2)
        guard rest.starts(with: boundary) else { return nil }
        rest = rest.dropFirst(boundary.count)
        let isLast = rest.starts(with: [dash, dash])
        return rest.dropFirst(isLast ? 2 : 0).allSatisfy(\.isBlank) ? isLast : nil
    }

    /// The line end before a boundary line belongs to the boundary.
    private static func contentEnd(before line: Int, notBefore start: Int, in body: ArraySlice<UInt8>) -> Int {
        var end = line
        if end > start, body[end - 1] == 0x0A { end -= 1 }
        if end > start, body[end - 1] == 0x0D { end -= 1 }
        return end
    }
}
