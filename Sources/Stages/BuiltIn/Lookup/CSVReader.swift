/// Reads rows of values that are separated by commas or the like (RFC 4180), with what programs make of that: either line
/// ending, and any separator.
enum CSVReader {
    /// What is wrong with a table, and in which line, from 1.
    struct Fault: Error, Hashable {
        var line: Int
        var message: String
    }

    /// The rows; empty lines are left out.
    static func rows(_ text: String, separator: UInt8) throws(Fault) -> [[String]] {
        var reader = Reader(bytes: Array(text.utf8), separator: separator)
        var rows: [[String]] = []
        while let row = try reader.row() {
            if row != [""] { rows.append(row) }
        }
        return rows
    }

    private struct Reader {
        let bytes: [UInt8]
        let separator: UInt8
        var position = 0
        var line = 1

        mutating func row() throws(Fault) -> [String]? {
            guard position < bytes.count else { return nil }
            var row: [String] = []
            while true {
                row.append(try value())
                guard position < bytes.count, bytes[position] == separator else { break }
                position += 1
            }
            if position < bytes.count, bytes[position] == UInt8(ascii: "\r") { position += 1 }
            if position < bytes.count, bytes[position] == UInt8(ascii: "\n") { position += 1 }
            line += 1
            return row
        }

        private mutating func value() throws(Fault) -> String {
            if position < bytes.count, bytes[position] == UInt8(ascii: "\"") { return try quoted() }
            let start = position
            while position < bytes.count, bytes[position] != separator, !isLineEnd(bytes[position]) { position += 1 }
            return String(decoding: bytes[start..<position], as: UTF8.self)
        }

        /// A value in quotes, in which two quotes are one.
        private mutating func quoted() throws(Fault) -> String {
            let start = line
            var value: [UInt8] = []
            position += 1
            while position < bytes.count {
                let byte = bytes[position]
                position += 1
                if byte == UInt8(ascii: "\n") { line += 1 }
                guard byte == UInt8(ascii: "\"") else {
                    value.append(byte)
                    continue
                }
                if position < bytes.count, bytes[position] == UInt8(ascii: "\"") {
                    value.append(byte)
                    position += 1
                    continue
                }
                guard position == bytes.count || bytes[position] == separator || isLineEnd(bytes[position]) else {
                    throw Fault(
                        line: line, message: "after a value in quotes a separator or the line's end is expected")
                }
                return String(decoding: value, as: UTF8.self)
            }
            throw Fault(line: start, message: "the quote is not closed")
        }

        private func isLineEnd(_ byte: UInt8) -> Bool { byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r") }
    }
}
