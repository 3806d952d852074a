/// A text as the finders look at it: its characters, and what each is in ASCII.
///
/// Full-width digits, letters and signs count as those of ASCII, for that is how people type numbers in Chinese and Japanese.
struct RedactionText {
    /// What is no character of ASCII.
    static let other: UInt8 = 0x80

    let scalars: [Unicode.Scalar]
    /// The characters in ASCII, ``other`` for what has none.
    let ascii: [UInt8]

    init(_ text: String) {
        scalars = Array(text.unicodeScalars)
        ascii = scalars.map { scalar in
            switch scalar.value {
            case ..<0x80: UInt8(scalar.value)
            case 0xFF01...0xFF5E: UInt8(scalar.value - 0xFEE0)
            case 0xA0, 0x2007, 0x202F, 0x3000: UInt8(ascii: " ")
            case 0x2010...0x2013: UInt8(ascii: "-")
            default: Self.other
            }
        }
    }

    var count: Int { ascii.count }

    /// The character at an index; ``other`` beyond the ends.
    subscript(index: Int) -> UInt8 { ascii.indices.contains(index) ? ascii[index] : Self.other }

    /// Whether the text has these characters here, letters in any case.
    func has(_ word: String, at index: Int, ignoringCase: Bool = false) -> Bool {
        var place = index
        for byte in word.utf8 {
            let own = self[place]
            guard own == byte || ignoringCase && own.isLetter && own | 0x20 == byte | 0x20 else { return false }
            place += 1
        }
        return true
    }

    /// The index of the first character from `index` on, before `end`, that is not one of these.
    func end(of isPart: (UInt8) -> Bool, from index: Int, before end: Int = .max) -> Int {
        var place = index
        while place < min(count, end), isPart(ascii[place]) { place += 1 }
        return place
    }

    /// The text with other texts in the place of ranges, which do not overlap and stand in their order.
    func replacing(_ ranges: [(range: Range<Int>, text: String)]) -> String {
        var result = String.UnicodeScalarView()
        var position = 0
        for (range, text) in ranges {
            result.append(contentsOf: scalars[position..<range.lowerBound])
            result.append(contentsOf: text.unicodeScalars)
            position = range.upperBound
        }
        result.append(contentsOf: scalars[position...])
        return String(result)
    }
}

extension UInt8 {
    var isDigit: Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(self) }
    var isLetter: Bool { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(self | 0x20) && self < 0x80 }
    var isLetterOrDigit: Bool { isDigit || isLetter }
    /// What tokens are made of: Base64 in both alphabets, and what parts its pieces.
    var isTokenByte: Bool { isLetterOrDigit || self == UInt8(ascii: "_") || self == UInt8(ascii: "-") }
    /// A digit's value.
    var digit: Int { Int(self) - 0x30 }
}
