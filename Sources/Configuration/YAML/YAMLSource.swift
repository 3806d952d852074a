/// The bytes of a file, for whoever needs to look again at what stands at a line and column.
///
/// Places count from 0, columns in Unicode scalars, lines as libyaml does. Places asked for in the order of the file
/// cost one walk over the file in all, whatever the length of its lines.
struct YAMLSource {
    typealias Place = (line: Int, column: Int)

    let bytes: [UInt8]
    /// Where each line begins.
    private let lines: [Int]
    /// The last place asked for.
    private var last: (place: Place, offset: Int) = ((0, 0), 0)

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
        lines = [0] + bytes.indices.filter { Self.isLineEnd(bytes, $0) }.map { $0 + 1 }
    }

    /// The byte at a place.
    mutating func offset(_ place: Place) -> Int {
        guard lines.indices.contains(place.line) else { return bytes.count }
        let isAhead = last.place.line == place.line && last.place.column <= place.column
        var (column, offset) = isAhead ? (last.place.column, last.offset) : (0, lines[place.line])
        while column < place.column, offset < bytes.count {
            offset = after(offset)
            column += 1
        }
        last = (place, offset)
        return offset
    }

    /// The place of a byte.
    func place(offset: Int) -> Place {
        let end = min(offset, bytes.count)
        let line = max(0, (lines.firstIndex { $0 > end } ?? lines.count) - 1)
        return (line, bytes[lines[line]..<end].count { !Self.isContinuation($0) })
    }

    /// Where each `${` stands between two places.
    mutating func markers(from start: Place, to end: Place) -> [Place] {
        var (offset, place, found) = (offset(start), start, [Place]())
        while offset < bytes.count, place < end {
            if bytes[offset] == UInt8(ascii: "$"), offset + 1 < bytes.count, bytes[offset + 1] == UInt8(ascii: "{") {
                found.append(place)
            }
            let next = after(offset)
            let isEnd = place.line + 1 < lines.count && lines[place.line + 1] == next
            place = isEnd ? (place.line + 1, 0) : (place.line, place.column + 1)
            offset = next
        }
        return found
    }

    /// The first byte that is not UTF-8, if there is one.
    var firstInvalidByte: Int? {
        guard String(validating: bytes, as: UTF8.self) == nil else { return nil }
        var offset = 0
        var decoder = UTF8()
        var iterator = bytes.makeIterator()
        while case .scalarValue(let scalar) = decoder.decode(&iterator) { offset += UTF8.width(scalar) }
        return offset
    }

    /// What stands at a place, for hints.
    mutating func spot(at place: Place) -> SyntaxSpot {
        let offset = offset(place)
        let start = self.offset((place.line, 0))
        let indent = bytes[start...].prefix { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }
        let character = offset < bytes.count ? Character(Unicode.Scalar(bytes[offset])) : nil
        return SyntaxSpot(character: character, isAfterTabIndent: indent.contains(UInt8(ascii: "\t")))
    }

    private func after(_ offset: Int) -> Int {
        var next = offset + 1
        while next < bytes.count, Self.isContinuation(bytes[next]) { next += 1 }
        return next
    }

    private static func isContinuation(_ byte: UInt8) -> Bool { byte & 0xC0 == 0x80 }

    /// Whether a line ends with this byte: LF, CR without LF, NEL, LS or PS.
    private static func isLineEnd(_ bytes: [UInt8], _ offset: Int) -> Bool {
        switch bytes[offset] {
        case UInt8(ascii: "\n"): true
        case UInt8(ascii: "\r"): offset + 1 >= bytes.count || bytes[offset + 1] != UInt8(ascii: "\n")
        case 0x85: offset >= 1 && bytes[offset - 1] == 0xC2
        case 0xA8, 0xA9: offset >= 2 && bytes[offset - 1] == 0x80 && bytes[offset - 2] == 0xE2
        default: false
        }
    }
}
